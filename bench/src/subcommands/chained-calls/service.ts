/*
 * `node service.js order|stock|payment PORT DATABASE_URL STOCK_URL PAYMENT_URL`: the services of the synchronous chain,
 * each a process. This is what many teams write first: the order service calls inventory, then payment, while the
 * customer waits, and cleans up as far as it can when one of them fails.
 */
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { HttpClient } from '../../http-client';
import { CHARGE, CLOSE, PLACE, RELEASE, RESERVE } from '../../targets/effects';

const [role = '', port, databaseUrl, stock, payment] = process.argv.slice(2);
const pool = new Pool({ connectionString: databaseUrl, max: 16 });
const client = new HttpClient();
const TIMEOUT_MS = 2_000;
let slowMs = 0;
let underWay = 0;

interface Order {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly amountCents: number;
}

/** Each resolves with the response status. */
const routes: Readonly<Record<string, (body: Order & { readonly ms?: number }) => Promise<number>>> = {
  'order /': placeOrder,
  'stock /slow': async ({ ms = 0 }) => {
    slowMs = ms;
    return 200;
  },
  'stock /reserve': async (order) => {
    underWay += 1;
    return reserve(order).finally(() => (underWay -= 1));
  },
  'stock /idle': async () => (underWay === 0 ? 200 : 503),
  'stock /release': async ({ orderId }) => {
    await run('release', RELEASE, [orderId]);
    return 200;
  },
  'payment /charge': async ({ orderId, amountCents }) => {
    await run('charge', CHARGE, [uuidV7(), orderId, amountCents, 'AUTHORIZED']);
    return 200;
  },
};

async function reserve({ orderId, sku, quantity }: Order): Promise<number> {
  if (slowMs > 0) await sleep(slowMs);
  return (await run('reserve', RESERVE, [orderId, sku, quantity])) === 0 ? 409 : 200;
}

async function placeOrder(requested: Order): Promise<number> {
  const order = { ...requested, orderId: uuidV7() };
  await run('place', PLACE, [order.orderId, order.sku, order.quantity, order.amountCents]);
  const failed = await chain(order);
  await run('close', CLOSE, [order.orderId, failed === undefined ? 'APPROVED' : 'FAILED']);
  return failed ?? 200;
}

/** The status of a failed call; undefined after a success. */
async function chain(order: Order): Promise<number | undefined> {
  const reserved = await ask(`${stock}/reserve`, order);
  if (reserved === 409) return reserved;
  const charged = reserved === 200 ? await ask(`${payment}/charge`, order) : reserved;
  if (charged === 200) return undefined;
  // Also when the outcome of the reservation is unknown; then this may arrive before the reservation.
  await ask(`${stock}/release`, order);
  return charged;
}

async function ask(url: string, order: Order): Promise<number> {
  return client.ask(url, { body: order, timeoutMs: TIMEOUT_MS }).then(
    ({ status }) => status,
    () => 503,
  );
}

async function run(name: string, text: string, values: unknown[]): Promise<number | null> {
  return (await pool.query({ name, text, values })).rowCount;
}

const server = createServer((request, response) => {
  const handle = routes[`${role} ${request.url}`];
  const answer = async (): Promise<number> => (handle ? handle((await json(request)) as Order) : 404);
  answer()
    .catch(() => 500)
    .then((status) => response.writeHead(status).end())
    .catch(() => response.destroy());
});
// Longer than clients keep an idle connection, so that none is closed during a request.
server.keepAliveTimeout = 120_000;
server.listen(Number(port), '127.0.0.1');
