import { status } from '@grpc/grpc-js';
import { ClientProxyFactory, Transport, type ClientGrpcProxy } from '@nestjs/microservices';
import { availabilityGrpc, type AvailabilityAnswer } from '@palinode/contracts';
import { freePort } from '@palinode/test-support/network/ports';
import { waitUntil } from '@palinode/test-support/wait-until';
import { connect, type Socket } from 'node:net';
import { firstValueFrom, type Observable } from 'rxjs';
import { ServiceUnderTest } from '../../../../libs/service/test/service-under-test';
import { InventoryEnvironment } from '../inventory-environment';
import { InventoryModule } from '../inventory-module';
import { serveAvailability } from './serve-availability';

const CONNECTIONS = 10;
/** The preface of HTTP/2 and empty settings: a client that has begun, and asks nothing. */
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

it('a second gRPC server on the same port does not start, and the error names the variable', async () => {
  await expect(inventory.another({ GRPC_PORT: String(port) })).rejects.toThrow(
    `GRPC_PORT: port ${port} of 127.0.0.1 is in use; end the process that has it, or set GRPC_PORT to another one.`,
  );
});

it('a question of more than 16 KiB is refused before it is read, and the next one is answered', async () => {
  await expect(asksFor('x'.repeat(17 * 1024))).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  await expect(asksFor('x'.repeat(15 * 1024))).rejects.not.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  expect(await asksFor('TEAPOT')).toMatchObject({ lines: expect.any(Array) });
});

describe('a gRPC client that does not do its part', () => {
  it.each<[string, Buffer | string]>([
    ['sends nothing', ''],
    ['sends half of a preface', 'PRI * HT'],
    ['begins, asks nothing and answers no ping', PREFACE],
    ['speaks HTTP/1.1', 'GET / HTTP/1.1\r\nHost: inventory\r\n\r\n'],
  ])('is disconnected when it %s', async (_what, sends) => {
    const socket = await client(sends);
    await waitUntil('the end of the connection', () => socket.destroyed);
    expect(await asksFor('SKU-CUP')).toMatchObject({ lines: [{ sku: 'SKU-CUP', enough: true }] });
  });
});

it('a gRPC server keeps the connection of a customer who asks while silent clients come and go', async () => {
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

it('a gRPC server answers a customer while three times as many clients as it may have say nothing', async () => {
  await Promise.all(Array.from({ length: 3 * CONNECTIONS }, () => client('')));
  expect(await asksFor('SKU-CUP')).toMatchObject({ lines: [{ sku: 'SKU-CUP', enough: true }] });
});
