import { v7 } from 'uuid';
import { ServiceUnderTest } from '../../../../libs/service/test/service-under-test';
import { Follower } from '../../test/follower';
import type { OrderEnvironment } from '../order-environment';
import { orderService } from '../order-service';
import { Retention } from './retention';
let order: ServiceUnderTest<OrderEnvironment>;

beforeAll(async () => {
  order = await ServiceUnderTest.start(orderService);
});
afterAll(() => order?.stop());

const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);

/** A settled order whose events are this many days old, the oldest first. */
async function orderOf(ages: readonly number[]): Promise<string> {
  const orderId = v7();
  await order.sql(
    `INSERT INTO orders (id, saga_id, customer_id, lines, total_cents, currency, status, revision)
     VALUES ($1, $2, 'c-1', '[]', 100, 'EUR', 'APPROVED', $3)`,
    [orderId, v7(), ages.length],
  );
  for (const [index, age] of ages.entries())
    await order.sql(`INSERT INTO order_event (order_id, seq, event, status, at) VALUES ($1, $2, $3, $4, $5)`, [
      orderId,
      index + 1,
      index === 0 ? 'placed' : 'approved',
      index === 0 ? 'PENDING' : 'APPROVED',
      daysAgo(age),
    ]);
  return orderId;
}

/** The webhook delivery of an order's event that ended this many days ago; undefined when it has not ended. */
async function webhookOf(orderId: string, seq: number, endedDaysAgo?: number): Promise<void> {
  const [row] = await order.sql<{ id: string }>(
    `INSERT INTO webhook_delivery (order_id, seq, url, status, created_at, ended_at)
     VALUES ($1, $2, 'https://hooks.example.com/', $3, $4, $5) RETURNING id`,
    [
      orderId,
      seq,
      endedDaysAgo === undefined ? 'PENDING' : 'DELIVERED',
      daysAgo(200),
      endedDaysAgo === undefined ? null : daysAgo(endedDaysAgo),
    ],
  );
  await order.sql('INSERT INTO webhook_attempt (delivery_id, attempt, took_ms) VALUES ($1, 1, 5)', [row?.id]);
}

const forget = (batch?: number): Promise<void> => order.app.get(Retention).deleteOld(batch);
const eventsOf = async (orderId: string): Promise<number[]> =>
  (await order.sql<{ seq: number }>('SELECT seq FROM order_event WHERE order_id = $1 ORDER BY seq', [orderId])).map(
    ({ seq }) => seq,
  );
const webhooksOf = async (orderId: string): Promise<number[]> =>
  (
    await order.sql<{ seq: number }>(
      `SELECT seq FROM webhook_delivery JOIN webhook_attempt ON delivery_id = id WHERE order_id = $1 ORDER BY seq`,
      [orderId],
    )
  ).map(({ seq }) => seq);

describe('the retention of order events', () => {
  it('deletes old events, except the last one of an order', async () => {
    const [old, half, young] = [await orderOf([200, 150, 100]), await orderOf([91, 89, 88]), await orderOf([89, 1])];
    await forget();
    expect(await Promise.all([old, half, young].map(eventsOf))).toEqual([[3], [2, 3], [1, 2]]);
  });

  it('deletes all old events when there is more than one batch of them', async () => {
    const orderIds = await Promise.all([120, 121, 122].map((age) => orderOf([age, age, age, age - 1])));
    await forget(2);
    expect(await Promise.all(orderIds.map(eventsOf))).toEqual([[4], [4], [4]]);
  });

  it('keeps the end of an order for clients that follow it from its beginning', async () => {
    const orderId = await orderOf([200, 150]);
    await forget();
    const follower = await Follower.follow(order.url, orderId);
    await follower.hasEnded();
    expect(follower.names).toEqual(['2 approved']);
  });

  it('keeps an event while its webhook is pending', async () => {
    const orderId = await orderOf([200, 150, 120]);
    await webhookOf(orderId, 1, 40);
    await webhookOf(orderId, 2);
    await forget();
    expect([await webhooksOf(orderId), await eventsOf(orderId)]).toEqual([[2], [2, 3]]);
  });
});

describe('the retention of webhook deliveries', () => {
  it('deletes a delivery and its attempts some time after it has ended', async () => {
    const orderId = await orderOf([3, 2, 1]);
    await webhookOf(orderId, 1, 31);
    await webhookOf(orderId, 2, 29);
    await webhookOf(orderId, 3);
    await forget();
    expect(await webhooksOf(orderId)).toEqual([2, 3]);
    const orphans = await order.sql(
      'SELECT 1 FROM webhook_attempt WHERE delivery_id NOT IN (SELECT id FROM webhook_delivery)',
    );
    expect(orphans).toEqual([]);
  });
});
