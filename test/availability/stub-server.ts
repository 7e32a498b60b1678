import { loadPackageDefinition, Server, ServerCredentials, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { availabilityGrpc } from '@palinode/contracts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stub server that answers every request wrongly. */
export interface StubServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Answers gRPC queries with an article that was not requested. */
export async function grpcStub(): Promise<StubServer> {
  const { palinode } = loadPackageDefinition(
    loadSync(availabilityGrpc.protoPath, availabilityGrpc.loader),
  ) as unknown as {
    palinode: { inventory: { v1: { Availability: ServiceClientConstructor } } };
  };
  const server = new Server();
  server.addService(palinode.inventory.v1.Availability.service, {
    Check: (_call: unknown, answer: (error: null, value: object) => void) =>
      answer(null, { lines: [{ sku: 'SKU-OTHER', available: 0, enough: false }] }),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    stop: async () => server.forceShutdown(),
  };
}

/** Answers HTTP requests by rotation: no JSON, another shape, too few lines, and an error. */
export async function restStub(): Promise<StubServer> {
  const wrongAnswers = [
    '<html>',
    '{"lines": [{"sku": "SKU-OUT-OF-STOCK", "available": "none", "enough": false}]}',
    '{"lines": []}',
    '[{"enough": false}]',
  ];
  let sent = 0;
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(wrongAnswers[sent++ % wrongAnswers.length]);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
