import type { INestApplication } from '@nestjs/common';
import { type GrpcOptions, Transport } from '@nestjs/microservices';
import { availabilityGrpc } from '@palinode/contracts';
import type { InventoryEnvironment } from '../inventory-environment';

/** A question has at most fifty lines; one of four megabytes would be validated for a minute. */
const MAX_QUESTION_BYTES = 16 * 1024;

/** Lets the application answer over gRPC as well, where it is told a port for it. */
export function serveAvailability(app: INestApplication, { HOST, GRPC_PORT }: InventoryEnvironment): void {
  if (GRPC_PORT === undefined) return;
  app.connectMicroservice<GrpcOptions>(
    {
      transport: Transport.GRPC,
      options: { ...availabilityGrpc, url: `${HOST}:${GRPC_PORT}`, maxReceiveMessageLength: MAX_QUESTION_BYTES },
    },
    { inheritAppConfig: true },
  );
}
