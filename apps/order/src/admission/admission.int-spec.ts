import { OF_THIS_DATABASE } from '@palinode/test-support/postgres/shared-postgres';
import { confirmOrder } from '@palinode/contracts';
import request, { type Test } from 'supertest';
import { DataSource } from 'typeorm';
import { ServiceUnderTest, urlOf } from '../../../../libs/service/test/service-under-test';
import { waitUntil } from '@palinode/test-support/wait-until';
import type { OrderEnvironment } from '../order-environment';
import { orderService } from '../order-service';
import { Admission } from './admission';
let order: ServiceUnderTest<OrderEnvironment>;

beforeAll(async () => {
  order = await ServiceUnderTest.start(
    { ...orderService, readiness: { admission: Admission }, door: Admission },
    { PENDING_ORDERS: '3', ORDERS_AT_ONCE: '2' },
  );
});
afterAll(() => order?.stop());

const body = { customerId: 'c-1', lines: [{ sku: 'SKU-CUP', quantity: 2 }], paymentToken: 'tok_ok' };
const place = (key?: string, url = order.url): Test => {
  const posted = request(url).post('/orders').send(body);
  return key === undefined ? posted : posted.set('Idempotency-Key', key);
};
const confirm = (orderId: string): Promise<unknown> => order.orchestrator.send(confirmOrder, { orderId });
const get = (path: string): Test => request(order.url).get(path);

/** Everything that placing an order writes. */
async function written(): Promise<unknown> {
  const tables = ['orders', 'order_event', 'idempotency_key', 'outbox', 'event_outbox'];
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`);
  const [row] = await order.sql<Record<string, string>>(`SELECT ${counts.join(', ')}`);
  return row;
}

async function pendingIds(): Promise<string[]> {
  const rows = await order.sql<{ id: string }>(`SELECT id FROM orders WHERE status = 'PENDING' ORDER BY id`);
  return rows.map(({ id }) => id);
}

/** Confirms what is PENDING, so that a test begins with an empty shop. */
async function settleAll(): Promise<void> {
  for (const id of await pendingIds()) await confirm(id);
  await waitUntil('nothing to be PENDING', async () => (await pendingIds()).length === 0);
  await waitUntil('nothing to be unsent', async () => {
    const [row] = await order.sql<{ unsent: boolean }>(
      'SELECT EXISTS (SELECT FROM outbox) OR EXISTS (SELECT FROM event_outbox) AS unsent',
    );
    return row?.unsent === false;
  });
}

describe('a shop with the maximum number of PENDING orders', () => {
  let first: string;

  beforeAll(async () => {
    first = (await place('first').expect(202)).body.orderId;
    await place().expect(202);
    await place().expect(202);
    await waitUntil('all starts to be sent', () => order.orchestrator.starts.length === 3);
    await waitUntil('the outbox to be tidy', async () => (await order.sql('SELECT FROM outbox')).length === 0);
    await waitUntil('the events to be told', async () => (await order.sql('SELECT FROM event_outbox')).length === 0);
  });

  it('turns further orders away with 429 and Retry-After before it writes anything', async () => {
    const before = await written();
    const refused = await place('later').expect(429).expect('Retry-After', '5');
    expect(refused.headers['content-type']).toMatch('application/problem+json');
    expect(refused.body).toEqual({
      type: 'urn:palinode:problem:too-many-orders',
      title: 'Too many orders',
      status: 429,
      detail: 'More orders are coming than can be taken. Nothing was ordered; send the same request again later.',
      instance: '/orders',
    });
    await request(order.url).post('/orders').send({ nothing: 'of an order' }).expect(429);
    expect(await written()).toEqual(before);
    expect(order.orchestrator.starts).toHaveLength(3);
  });

  it('is ready, and reports at /readyz that orders are turned away', async () => {
    const { body: health } = await get('/readyz').expect(200);
    expect(health.details.admission).toMatch(/^orders are turned away since .*: 3 are PENDING \(PENDING_ORDERS\)$/);
  });

  it('still answers read requests', async () => {
    await get(`/orders/${first}`).expect(200);
    await get('/orders?status=PENDING').expect(200);
  });

  it('turns orders away at an instance that has just started', async () => {
    const other = await order.another();
    try {
      await place(undefined, urlOf(other)).expect(429);
    } finally {
      await other.close();
    }
  });

  it('accepts a repeated request that was turned away once another order has ended', async () => {
    await confirm(first);
    const taken = await waitUntil('room for one', async () => {
      const answer = await place('later');
      return answer.status === 202 && answer;
    });
    expect(await pendingIds()).toContain(taken.body.orderId);
    expect(await pendingIds()).toHaveLength(3);
    await place().expect(429);
  });
});

describe('a shop whose database does not commit', () => {
  it('holds orders up to the concurrency limit, and turns further orders away at once', async () => {
    await settleAll();
    const blocker = order.app.get(DataSource).createQueryRunner();
    try {
      await blocker.startTransaction();
      await blocker.query('LOCK TABLE orders IN SHARE MODE');
      const held = [place().then(statusOf), place('held').then(statusOf)];
      await waitUntil('both to wait for the lock', async () => {
        const waiting = `SELECT FROM pg_locks WHERE NOT granted AND ${OF_THIS_DATABASE} AND relation = 'orders'::regclass`;
        return (await order.sql(waiting)).length === 2;
      });
      await place('third').expect(429).expect('Retry-After', '1');
      await get('/orders?status=PENDING').expect(200);
      await blocker.rollbackTransaction();
      expect(await Promise.all(held)).toEqual([202, 202]);
      await place('third').expect(202);
    } finally {
      await blocker.release();
    }
    expect(await pendingIds()).toHaveLength(3);
  });
});

const statusOf = ({ status }: { status: number }): number => status;
