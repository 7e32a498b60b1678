/* The shop's subscribers, which may be down for any time, and suspended services. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { anOrder, ShopClient } from './shop-client';

interface Notification {
  readonly kind: string;
}

interface Report {
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly rejected: number;
}

const WAIT = { prefer: 'wait=20' };
let directory: string;
let stack: Stack;
let shop: ShopClient;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palinode-e2e-'));
  stack = await Stack.start({ directory, ports: 'free', quiet: true, restartServices: false });
  const { order, inventory, payment, orchestrator } = stack.services;
  shop = new ShopClient({
    order: order.url,
    inventory: inventory.url,
    payment: payment.url,
    orchestrator: orchestrator.url,
  });
});

afterAll(async () => {
  await stack?.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function read<T>(service: 'notifications' | 'reporting', path: string): Promise<T> {
  const response = await fetch(`${stack.services[service].url}${path}`);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

async function kindsOf(orderId: string): Promise<string[]> {
  const { items } = await read<{ items: Notification[] }>('notifications', `/notifications?orderId=${orderId}`);
  return items.map(({ kind }) => kind);
}

const report = (): Promise<Report> => read<Report>('reporting', '/reports/sales?by=sku');
const soldOf = async (sku: string): Promise<number> =>
  (await report()).items.find((row) => row.sku === sku)?.quantity ?? 0;

/** Does something while a service is suspended, then resumes it. */
async function whileStopped(service: 'reporting' | 'payment', work: () => Promise<void>): Promise<void> {
  const pid = stack.services[service].pid as number;
  process.kill(pid, 'SIGSTOP');
  try {
    await work();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

async function place(changes: object = {}): Promise<string> {
  const { body } = await shop.place(anOrder(changes), WAIT);
  return body.orderId;
}

it('notifies customers of the outcome of their orders and counts the sales', async () => {
  const approved = await place();
  const rejected = await place({ paymentToken: 'tok_declined' });
  await waitUntil('both customers to be notified', async () => {
    const notified = [await kindsOf(approved), await kindsOf(rejected)].map((kinds) => kinds.join(' '));
    return notified[0] === 'order-placed order-approved' && notified[1] === 'order-placed order-rejected';
  });
  await waitUntil(
    'both orders to be counted',
    async () => (await soldOf('SKU-CUP')) === 2 && (await report()).rejected === 1,
  );
});

it('catches up after an outage of the subscribers, during which orders complete', async () => {
  await Promise.all([stack.kill('notifications'), stack.kill('reporting')]);
  const orders: string[] = [];
  for (let n = 0; n < 5; n += 1) orders.push(await place({ lines: [{ sku: 'SKU-SCALE', quantity: 3 }] }));
  for (const orderId of orders) expect((await shop.order(orderId)).status).toBe('APPROVED');
  await Promise.all([stack.services.notifications.restart(), stack.services.reporting.restart()]);
  await stack.ready();
  for (const orderId of orders) {
    await waitUntil(
      'the customer to be notified',
      async () => (await kindsOf(orderId)).join(' ') === 'order-placed order-approved',
    );
  }
  await waitUntil('all orders to be counted', async () => (await soldOf('SKU-SCALE')) === 15);
});

it('completes orders and serves other subscribers while one subscriber is suspended', async () => {
  const counted = await soldOf('SKU-CUP');
  const orders: string[] = [];
  await whileStopped('reporting', async () => {
    for (let n = 0; n < 5; n += 1) orders.push(await place());
    for (const orderId of orders) {
      expect((await shop.order(orderId)).status).toBe('APPROVED');
      await waitUntil('the customer to be notified', async () => (await kindsOf(orderId)).includes('order-approved'));
    }
  });
  await waitUntil('all orders to be counted', async () => (await soldOf('SKU-CUP')) === counted + 10);
});

it('delays only the steps of a suspended participant, and completes the orders when it resumes', async () => {
  const placed: { orderId: string; sagaId: string }[] = [];
  await whileStopped('payment', async () => {
    for (let n = 0; n < 5; n += 1) placed.push((await shop.place(anOrder())).body);
    for (const { orderId, sagaId } of placed) {
      const { steps } = await waitUntil('the stock to be reserved', async () => {
        const saga = await shop.saga(sagaId);
        return saga.steps.some(({ name, status }) => name === 'stock' && status === 'DONE') && saga;
      });
      expect(steps.find(({ name }) => name === 'payment')?.status).toBe('INVOKED');
      await waitUntil('the customer to be notified', async () => (await kindsOf(orderId)).includes('order-placed'));
    }
  });
  for (const { orderId } of placed)
    await waitUntil('the order to end', async () => (await shop.order(orderId)).status === 'APPROVED');
});
