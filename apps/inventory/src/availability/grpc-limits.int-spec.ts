import { status } from '@grpc/grpc-js';
import { ClientProxyFactory, Transport, type ClientGrpcProxy } from '@nestjs/microservices';
import { availabilityGrpc, type AvailabilityAnswer } from '@palinode/contracts';
import { freePort } from '@palinode/testing-support/ports';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { connect, type Socket } from 'node:net';
import { firstValueFrom, type Observable } from 'rxjs';
import { ServiceUnderTest } from '../../../../libs/service/test/service-under-test';
import { InventoryEnvironment } from '../inventory-environment';
import { InventoryModule } from '../inventory.module';
import { serveAvailability } from './serve-availability';

const CONNECTIONS = 10;
/** The HTTP/2 preface and empty settings: a client that connects and sends no request. */
const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

let inventory: ServiceUnderTest<InventoryEnvironment>;
let port: number;
const sockets: Socket[] = [];

beforeAll(async () => {
  port = await freePort();
  inventory = await ServiceUnderTest.start(
    {
      name: 'inventory',
      environment: InventoryEnvironment,
      module: (environment) => InventoryModule.with(environment),
      participant: true,
      connect: serveAvailability,
    },
    {
      GRPC_PORT: String(port),
      HTTP_CONNECTIONS: String(CONNECTIONS),
      HTTP_HEADERS_MS: '300',
      HTTP_KEEP_ALIVE_MS: '1000',
    },
  );
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await inventory?.stop();
});

async function client(sends: Buffer | string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined).resume();
  await waitUntil('the connection', () => !socket.connecting);
  socket.write(sends);
  return socket;
}

async function asksFor(sku: string): Promise<AvailabilityAnswer> {
  const options = { ...availabilityGrpc, url: `127.0.0.1:${port}` };
  const proxy: ClientGrpcProxy = ClientProxyFactory.create({ transport: Transport.GRPC, options });
  try {
    const service = proxy.getService<{ check(query: object): Observable<AvailabilityAnswer> }>('Availability');
    return await firstValueFrom(service.check({ lines: [{ sku, quantity: 1 }] }));
  } finally {
    proxy.close();
  }
}

it('refuses to start a second gRPC server on the same port, and names the variable', async () => {
  await expect(inventory.another({ GRPC_PORT: String(port) })).rejects.toThrow(
    `GRPC_PORT: port ${port} of 127.0.0.1 is in use; end the process that has it, or set GRPC_PORT to another one.`,
  );
});

it('rejects a gRPC request over 16 KiB before reading it, and answers the next one', async () => {
  await expect(asksFor('x'.repeat(17 * 1024))).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  await expect(asksFor('x'.repeat(15 * 1024))).rejects.not.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  expect(await asksFor('TEAPOT')).toMatchObject({ lines: expect.any(Array) });
});

describe('the connection limits of the gRPC server', () => {
  it.each<[string, Buffer | string]>([
    ['sends nothing', ''],
    ['sends half of a preface', 'PRI * HT'],
    ['sends no request and answers no ping', PREFACE],
    ['speaks HTTP/1.1', 'GET / HTTP/1.1\r\nHost: inventory\r\n\r\n'],
  ])('disconnects a client that %s', async (_what, sends) => {
    const socket = await client(sends);
    await waitUntil('the end of the connection', () => socket.destroyed);
    expect(await asksFor('SKU-CUP')).toMatchObject({ lines: [{ sku: 'SKU-CUP', enough: true }] });
  });
});

it('keeps the connection of an active gRPC client while silent clients come and go', async () => {
  const options = { ...availabilityGrpc, url: `127.0.0.1:${port}`, channelOptions: { 'grpc.enable_retries': 0 } };
  const proxy: ClientGrpcProxy = ClientProxyFactory.create({ transport: Transport.GRPC, options });
  const service = proxy.getService<{ check(query: object): Observable<AvailabilityAnswer> }>('Availability');
  const ask = (): Promise<AvailabilityAnswer> =>
    firstValueFrom(service.check({ lines: [{ sku: 'SKU-CUP', quantity: 1 }] }));
  await ask();
  for (let n = 0; n < 3 * CONNECTIONS; n += 1) await client('');
  expect(await ask()).toMatchObject({ lines: [{ enough: true }] });
  proxy.close();
});

it('answers a gRPC client while three times the allowed number of clients are silent', async () => {
  await Promise.all(Array.from({ length: 3 * CONNECTIONS }, () => client('')));
  expect(await asksFor('SKU-CUP')).toMatchObject({ lines: [{ sku: 'SKU-CUP', enough: true }] });
});
