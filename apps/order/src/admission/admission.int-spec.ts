import { OF_THIS_DATABASE } from '@palinode/test-support/postgres/shared-postgres';
import { confirmOrder } from '@palinode/contracts';
import request, { type Test } from 'supertest';
import { DataSource } from 'typeorm';
import { ServiceUnderTest, urlOf } from '../../../../libs/service/test/service-under-test';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { OrderEnvironment } from '../order-environment';
import { orderService } from '../order-service';
import { Admission } from './admission';
let order: ServiceUnderTest<OrderEnvironment>;

beforeAll(async () => {
  order = await ServiceUnderTest.start(
    { ...orderService, readiness: { admission: Admission }, admission: Admission },
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

/** Reads all rows that placing an order writes. */
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

/** Confirms all PENDING orders, so that a test begins with an empty shop. */
async function settleAll(): Promise<void> {
  for (const id of await pendingIds()) await confirm(id);
  await waitUntil('no order is PENDING', async () => (await pendingIds()).length === 0);
  await waitUntil('the outboxes are empty', async () => {
    const [row] = await order.sql<{ unsent: boolean }>(
      'SELECT EXISTS (SELECT FROM outbox) OR EXISTS (SELECT FROM event_outbox) AS unsent',
    );
    return row?.unsent === false;
  });
}

describe('the PENDING limit', () => {
  let first: string;

  beforeAll(async () => {
    first = (await place('first').expect(202)).body.orderId;
    await place().expect(202);
    await place().expect(202);
    await waitUntil('all starts are sent', () => order.orchestrator.starts.length === 3);
    await waitUntil('the outbox is empty', async () => (await order.sql('SELECT FROM outbox')).length === 0);
    await waitUntil('the events are published', async () => (await order.sql('SELECT FROM event_outbox')).length === 0);
  });

  it('rejects an order over the PENDING limit with 429 and Retry-After, and writes nothing', async () => {
    const before = await written();
    const refused = await place('later').expect(429).expect('Retry-After', '5');
    expect(refused.headers['content-type']).toMatch('application/problem+json');
    expect(refused.body).toEqual({
      type: 'urn:palinode:problem:too-many-orders',
      title: 'Too many orders',
      status: 429,
      detail: 'The shop cannot take more orders at the moment. Nothing was ordered; send the same request again later.',
      instance: '/orders',
    });
    await request(order.url).post('/orders').send({ nothing: 'of an order' }).expect(429);
    expect(await written()).toEqual(before);
    expect(order.orchestrator.starts).toHaveLength(3);
  });

  it('reports at /readyz that orders are turned away, and stays ready', async () => {
    const { body: health } = await get('/readyz').expect(200);
    expect(health.details.admission.message).toMatch(
      /^orders have been turned away since .*: 3 are PENDING \(PENDING_ORDERS\)$/,
    );
  });

  it('answers read requests while orders are turned away', async () => {
    await get(`/orders/${first}`).expect(200);
    await get('/orders?status=PENDING').expect(200);
  });

  it('applies the PENDING limit at an instance that has just started', async () => {
    const other = await order.another();
    try {
      await place(undefined, urlOf(other)).expect(429);
    } finally {
      await other.close();
    }
  });

  it('accepts a repeated request after another order has ended', async () => {
    await confirm(first);
    const taken = await waitUntil('there is room for one order', async () => {
      const answer = await place('later');
      return answer.status === 202 && answer;
    });
    expect(await pendingIds()).toContain(taken.body.orderId);
    expect(await pendingIds()).toHaveLength(3);
    await place().expect(429);
  });
});

describe('the concurrency limit', () => {
  it('turns orders away at once when as many as allowed wait for the database', async () => {
    await settleAll();
    const blocker = order.app.get(DataSource).createQueryRunner();
    try {
      await blocker.startTransaction();
      await blocker.query('LOCK TABLE orders IN SHARE MODE');
      const held = [place().then(statusOf), place('held').then(statusOf)];
      await waitUntil('both orders wait for the lock', async () => {
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
