/*
 * `node service.js order|inventory|payment PORT DATABASE_URL`: the services of the chained call, each a process. What many
 * teams write first: the order service asks inventory, then payment, while the customer waits, and tidies up as well as
 * it can when one of them fails.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { post } from '../post';

const [role = '', port, databaseUrl, inventory, payment] = process.argv.slice(2);
const pool = new Pool({ connectionString: databaseUrl, max: 16 });
const TIMEOUT_MS = 2_000;
let slowMs = 0;
let underWay = 0;

interface Order {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly amountCents: number;
}

/** The status to answer with. */
type Handle = (body: Order & { readonly ms?: number }) => Promise<number>;

const RESERVE = `
  WITH taken AS (
    UPDATE stock SET available = available - $3, reserved = reserved + $3 WHERE sku = $2 AND available >= $3 RETURNING sku
  )
  INSERT INTO reservation (order_id, sku, quantity) SELECT $1, sku, $3 FROM taken RETURNING order_id`;

const RELEASE = `
  WITH gone AS (DELETE FROM reservation WHERE order_id = $1 RETURNING sku, quantity)
  UPDATE stock SET available = available + quantity, reserved = reserved - quantity FROM gone WHERE stock.sku = gone.sku`;

const routes: Record<string, Record<string, Handle>> = {
  inventory: {
    '/slow': async ({ ms = 0 }) => {
      slowMs = ms;
      return 200;
    },
    '/reserve': async (order) => {
      underWay += 1;
      return reserve(order).finally(() => (underWay -= 1));
    },
    '/idle': async () => (underWay === 0 ? 200 : 503),
    '/release': async ({ orderId }) => {
      await pool.query({ name: 'release', text: RELEASE, values: [orderId] });
      return 200;
    },
  },
  payment: {
    '/charge': async ({ orderId, amountCents }) => {
      const text = 'INSERT INTO charge (order_id, amount_cents) VALUES ($1, $2)';
      await pool.query({ name: 'charge', text, values: [orderId, amountCents] });
      return 200;
    },
  },
  order: { '/orders': placeOrder },
};

async function reserve({ orderId, sku, quantity }: Order): Promise<number> {
  if (slowMs > 0) await pause(slowMs);
  const { rowCount } = await pool.query({ name: 'reserve', text: RESERVE, values: [orderId, sku, quantity] });
  return rowCount === 0 ? 409 : 200;
}

async function placeOrder(asked: Order): Promise<number> {
  const order = { ...asked, orderId: uuidV7() };
  const values = [order.orderId, order.sku, order.quantity];
  await pool.query({ name: 'place', text: 'INSERT INTO orders (id, sku, quantity) VALUES ($1, $2, $3)', values });
  const failed = await chain(order);
  const text = 'UPDATE orders SET status = $2 WHERE id = $1';
  await pool.query({ name: 'end', text, values: [order.orderId, failed === undefined ? 'APPROVED' : 'FAILED'] });
  return failed ?? 200;
}

/** The status that says what went wrong; undefined when nothing did. */
async function chain(order: Order): Promise<number | undefined> {
  const reserved = await ask(`${inventory}/reserve`, order);
  if (reserved === 409) return reserved;
  const charged = reserved === 200 ? await ask(`${payment}/charge`, order) : reserved;
  if (charged === 200) return undefined;
  // Also when nobody knows whether it was reserved; then this may come before what it is to take back.
  await ask(`${inventory}/release`, order);
  return charged;
}

async function ask(url: string, order: Order): Promise<number> {
  return post(url, order, { timeoutMs: TIMEOUT_MS }).then(
    ({ status }) => status,
    () => 503,
  );
}

async function bodyOf(request: IncomingMessage): Promise<Order> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(String(Buffer.concat(chunks))) as Order;
}

const server = createServer((request, response) => {
  const handle = routes[role]?.[request.url ?? ''];
  const answer = async (): Promise<number> => (handle ? handle(await bodyOf(request)) : 404);
  answer()
    .catch(() => 500)
    .then((status) => response.writeHead(status).end())
    .catch(() => response.destroy());
});
server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
