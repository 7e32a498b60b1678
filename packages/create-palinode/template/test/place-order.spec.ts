/* The built services, each in a process of its own, on embedded servers. */
import { startTestStack, waitUntil, type TestStack } from '@palinode/testing-support';
import type { ConcurrentlyResult } from 'concurrently';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { runServices, serviceNames, type Service } from '../src/dev/run-services.js';

let stack: TestStack<Service>;
let running: ConcurrentlyResult;
let ports: Record<Service, number>;

beforeAll(async () => {
  stack = await startTestStack({ databases: serviceNames });
  ports = await freePorts();
  const output = new PassThrough();
  const printed: string[] = [];
  output.on('data', (text: Buffer) => printed.push(text.toString()));
  running = runServices(stack, { ports, output });
  const ended = running.result.then(
    () => 'ended',
    () => 'ended',
  );
  const ready = Promise.all(
    serviceNames.map((name) =>
      waitUntil(`${name} is ready`, async () => (await request(name, 'readyz')).status === 200),
    ),
  );
  if ((await Promise.race([ready, ended])) === 'ended') throw new Error(`A service has ended:\n${printed.join('')}`);
});

afterAll(async () => {
  for (const command of running?.commands ?? []) command.kill('SIGTERM');
  await running?.result.catch(() => undefined);
  await stack?.stop();
});

async function freePorts(): Promise<Record<Service, number>> {
  const servers = serviceNames.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const numbers = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return Object.fromEntries(serviceNames.map((name, index) => [name, numbers[index]])) as Record<Service, number>;
}

async function request(service: Service, path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${ports[service]}/${path}`, {
    ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

async function place(order: { sku: string; quantity: number; cardToken: string }): Promise<string> {
  const { status, body } = await request('orders', 'orders', order);
  expect(status).toBe(202);
  const { orderId, sagaId } = body as { orderId: string; sagaId: string };
  await waitUntil(`saga ${sagaId} has ended`, async () => {
    const saga = await request('orchestrator', `v1/sagas/${sagaId}`);
    return ['COMPLETED', 'COMPENSATED'].includes((saga.body as { status: string }).status);
  });
  return orderId;
}

describe('an order', () => {
  it('is approved when there is stock and the card is good', async () => {
    const orderId = await place({ sku: 'mug', quantity: 2, cardToken: 'tok_ok' });
    expect((await request('orders', `orders/${orderId}`)).body).toMatchObject({ status: 'APPROVED' });
    expect((await request('inventory', 'stock/mug')).body).toMatchObject({ available: 98 });
  });

  it('is rejected, and its stock is released, when the card is declined', async () => {
    const orderId = await place({ sku: 'teapot', quantity: 1, cardToken: 'tok_declined' });
    expect((await request('orders', `orders/${orderId}`)).body).toMatchObject({
      status: 'REJECTED',
      reason: 'card-declined',
    });
    expect((await request('inventory', 'stock/teapot')).body).toMatchObject({ available: 1 });
  });

  it('is rejected when there is not enough stock', async () => {
    const orderId = await place({ sku: 'mug', quantity: 1_000, cardToken: 'tok_ok' });
    expect((await request('orders', `orders/${orderId}`)).body).toMatchObject({ reason: 'out-of-stock' });
  });
});
