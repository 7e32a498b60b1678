import { loadPackageDefinition, Server, ServerCredentials, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { availabilityGrpc } from '@palinode/contracts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that answers whatever it is asked, and never to the point. */
export interface Liar {
  readonly port: number;
  stop(): Promise<void>;
}

/** Says over gRPC that there is none of something that nobody asked about. */
export async function grpcLiar(): Promise<Liar> {
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

/** Says over HTTP, one after another: no JSON, not the shape, too little, and that it is another's fault. */
export async function restLiar(): Promise<Liar> {
  const lies = [
    '<html>',
    '{"lines": [{"sku": "SKU-OUT-OF-STOCK", "available": "none", "enough": false}]}',
    '{"lines": []}',
    '[{"enough": false}]',
  ];
  let told = 0;
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(lies[told++ % lies.length]);
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
