import type { INestApplication } from '@nestjs/common';
import { type GrpcOptions, Transport } from '@nestjs/microservices';
import { availabilityGrpc } from '@palinode/contracts';
import type { InventoryEnvironment } from '../inventory-environment';

/** Lets the application answer over gRPC as well, where it is told a port for it. */
export function serveAvailability(app: INestApplication, { HOST, GRPC_PORT }: InventoryEnvironment): void {
  if (GRPC_PORT === undefined) return;
  app.connectMicroservice<GrpcOptions>(
    { transport: Transport.GRPC, options: { ...availabilityGrpc, url: `${HOST}:${GRPC_PORT}` } },
    { inheritAppConfig: true },
  );
}
