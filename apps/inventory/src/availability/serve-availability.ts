import type { INestApplication } from '@nestjs/common';
import type { CustomStrategy } from '@nestjs/microservices';
import { availabilityGrpc } from '@palinode/contracts';
import type { InventoryEnvironment } from '../inventory-environment';
import { BoundedGrpcServer } from './bounded-grpc-server';

/** Serves gRPC beside HTTP, with the same limits, when GRPC_PORT is set. */
export function serveAvailability(app: INestApplication, environment: InventoryEnvironment): void {
  const { HOST: host, GRPC_PORT: port } = environment;
  if (port === undefined) return;
  const strategy = new BoundedGrpcServer(availabilityGrpc, host, port, {
    connections: environment.HTTP_CONNECTIONS,
    firstByteMs: environment.HTTP_HEADERS_MS,
    idleMs: environment.HTTP_KEEP_ALIVE_MS,
  });
  app.connectMicroservice<CustomStrategy>({ strategy }, { inheritAppConfig: true });
}
