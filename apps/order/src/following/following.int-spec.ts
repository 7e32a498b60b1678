import { confirmOrder, rejectOrder } from '@palinode/contracts';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { v7 } from 'uuid';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ServiceUnderTest, urlOf } from '../../../../libs/service/test/service-under-test';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { OrderEnvironment } from '../order-environment';
import { orderService } from '../order-service';
import { OrderChangeSubscription } from '../change-notifications/order-change-notifier';
import { OrderOutcomes } from '../waiting/order-outcomes';
import { EventStreams } from './event-streams';
import { Follower } from '../../test/follower';
let order: ServiceUnderTest<OrderEnvironment>;

beforeAll(async () => {
  order = await ServiceUnderTest.start(
    orderService,
    // The heartbeat is too rare to deliver what a change notification should.
    { EVENT_HEARTBEAT_MS: '600000', EVENT_STREAMS_PER_ORDER: '51', EVENT_STREAMS_PER_CUSTOMER: '1000' },
  );
});
afterAll(() => order?.stop());

const body = { customerId: 'c-1', lines: [{ sku: 'SKU-CUP', quantity: 2 }], paymentToken: 'tok_ok' };

async function place(): Promise<string> {
  const { body: accepted } = await request(order.app.getHttpServer()).post('/orders').send(body).expect(202);
  return accepted.orderId;
}

const confirm = (orderId: string): Promise<unknown> => order.orchestrator.send(confirmOrder, { orderId });
const openAt = (app: NestExpressApplication): number => app.get(EventStreams).count;

/** Runs a second instance while the test needs it. */
async function beside(
  variables: Record<string, string>,
  test: (app: NestExpressApplication, url: string) => Promise<void>,
): Promise<void> {
  const app = await order.another(variables);
  try {
    await test(app, urlOf(app));
  } finally {
    await app.close();
  }
}

describe('GET /orders/:id/events', () => {
  it('sends past events, then new ones, and ends when the order is settled', async () => {
    const orderId = await place();
    const follower = await Follower.follow(order.url, orderId);
    expect(follower.status).toBe(200);
    expect(follower.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
    });
    await follower.hasReceived('1 placed');
    await confirm(orderId);
    await follower.hasReceived('1 placed', '2 approved');
    await follower.hasEnded();
    expect(follower.events.map(({ data }) => data)).toEqual([
      { orderId, seq: 1, event: 'placed', status: 'PENDING', at: expect.any(String) },
      { orderId, seq: 2, event: 'approved', status: 'APPROVED', at: expect.any(String) },
    ]);
  });

  it('explains in words why an order was rejected', async () => {
    const orderId = await place();
    const compensation = { sagadirection: 'compensation' } as const;
    await order.orchestrator.send(rejectOrder, { orderId, reason: 'card-declined' }, compensation);
    const follower = await Follower.follow(order.url, orderId);
    await follower.hasEnded();
    expect(follower.names).toEqual(['1 placed', '2 rejected']);
    expect(follower.events[1]?.data).toMatchObject({
      rejection: { reason: 'card-declined', message: 'Your card was declined. Please use another one.' },
    });
  });

  it('continues after the last event that the client has seen', async () => {
    const orderId = await place();
    const follower = await Follower.follow(order.url, orderId, { lastEventId: 1 });
    await confirm(orderId);
    await follower.hasEnded();
    expect(follower.names).toEqual(['2 approved']);
  });

  it('sends new events also to a client that claims to have seen later ones', async () => {
    const orderId = await place();
    const follower = await Follower.follow(order.url, orderId, { lastEventId: 99 });
    await confirm(orderId);
    await follower.hasEnded();
    expect(follower.names).toEqual(['2 approved']);
  });

  it.each([2, 99])(
    'answers 204 to a client whose last event is %i when the order has ended with event 2',
    async (lastEventId) => {
      const orderId = await place();
      await confirm(orderId);
      expect((await Follower.follow(order.url, orderId, { lastEventId })).status).toBe(204);
    },
  );

  it.each([
    ['an unknown order', v7(), undefined, 404],
    ['a malformed order id', '42', undefined, 400],
    ['a malformed last event id', v7(), 'first', 400],
    ['a negative last event id', v7(), -1, 400],
  ])('answers %s with problem details', async (_what, orderId, lastEventId, status) => {
    const follower = await Follower.follow(order.url, orderId, lastEventId === undefined ? {} : { lastEventId });
    expect(follower.status).toBe(status);
    expect(follower.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  it('sends the events of orders that another instance ends, and wakes waiting requests', async () => {
    await beside({}, async (other, url) => {
      const orderIds = await Promise.all(Array.from({ length: 24 }, place));
      const followers = await Promise.all(orderIds.map((id, n) => Follower.follow(n % 2 ? url : order.url, id)));
      const outcomes: (string | undefined)[] = [];
      for (const app of [order.app, other]) {
        for (const orderId of orderIds) {
          const outcome = app.get(OrderOutcomes).until(orderId, 600_000, { perhapsEnded: false });
          void outcome.then((ended) => outcomes.push(ended?.status));
        }
      }
      await Promise.all(orderIds.map(confirm));
      await Promise.all(followers.map((each) => each.hasEnded()));
      expect(new Set(followers.map(({ names }) => String(names)))).toEqual(new Set(['1 placed,2 approved']));
      await waitUntil('every wait ends', () => outcomes.length === 48);
      expect(new Set(outcomes)).toEqual(new Set(['APPROVED']));
    });
  });

  it('resumes at another instance after a shutdown, without lost or repeated events', async () => {
    const orderIds = await Promise.all(Array.from({ length: 8 }, place));
    let cut: Follower[] = [];
    await beside({}, async (_app, url) => {
      cut = await Promise.all(orderIds.map((orderId) => Follower.follow(url, orderId)));
      await Promise.all(cut.map((each) => each.hasReceived('1 placed')));
      await Promise.all(orderIds.slice(0, 4).map(confirm));
    });
    await Promise.all(cut.map((each) => each.hasEnded()));
    await Promise.all(orderIds.slice(4).map(confirm));
    const resumed = await Promise.all(
      cut.map(({ events }, n) =>
        Follower.follow(order.url, orderIds[n] ?? '', { lastEventId: events.at(-1)?.id ?? 0 }),
      ),
    );
    await Promise.all(resumed.map((each) => each.hasEnded()));
    const received = cut.map(({ names }, n) => [...names, ...(resumed[n]?.names ?? [])]);
    expect(received).toEqual(orderIds.map(() => ['1 placed', '2 approved']));
  });

  it('sends an event at the next heartbeat when its change notification is lost', async () => {
    await beside({ EVENT_HEARTBEAT_MS: '200' }, async (app, url) => {
      const orderId = await place();
      const follower = await Follower.follow(url, orderId);
      // The instance reads once when its subscription begins; this test is about later events.
      await waitUntil('the subscription is active', () => app.get(OrderChangeSubscription).check() === undefined);
      await waitUntil('some heartbeats', () => follower.heartbeats > 3);
      await order.sql(
        `INSERT INTO order_event (order_id, seq, event, status, at) VALUES ($1, 2, 'approved', 'APPROVED', now())`,
        [orderId],
      );
      await follower.hasEnded();
      expect(follower.names).toEqual(['1 placed', '2 approved']);
    });
  });
});

describe('an instance with a thousand event streams', () => {
  const collect = (): number => {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    return process.memoryUsage().heapUsed;
  };

  it('serves a thousand event streams with little memory, and answers the next with 503 and Retry-After', async () => {
    const orderIds = await Promise.all(Array.from({ length: 20 }, place));
    const before = collect();
    const followers: Follower[] = [];
    for (let n = 0; n < 1_000; n += 50) {
      const orderId = orderIds[n / 50] ?? '';
      followers.push(...(await Promise.all(Array.from({ length: 50 }, () => Follower.follow(order.url, orderId)))));
    }
    await Promise.all(followers.map((each) => each.hasReceived('1 placed')));
    expect(openAt(order.app)).toBe(1_000);
    // Both ends of each connection are in this process.
    expect(collect() - before).toBeLessThan(1_000 * 100_000);

    const refused = await Follower.follow(order.url, orderIds[0] ?? '');
    expect(refused.status).toBe(503);
    expect(refused.headers).toMatchObject({ 'retry-after': '5', 'content-type': expect.stringContaining('problem') });

    followers.pop()?.leave();
    await waitUntil('there is room for one more', () => openAt(order.app) === 999);
    followers.push(await Follower.follow(order.url, orderIds[19] ?? ''));

    await Promise.all(orderIds.map(confirm));
    await Promise.all(followers.map((each) => each.hasEnded()));
    expect(new Set(followers.map(({ names }) => String(names)))).toEqual(new Set(['1 placed,2 approved']));
    await waitUntil('all streams are closed', () => openAt(order.app) === 0);
  });
});

describe('the event stream of an order with a long history', () => {
  const LENGTH = 60_000;
  let orderId: string;

  beforeAll(async () => {
    orderId = await place();
    await order.sql(
      `INSERT INTO order_event (order_id, seq, event, status, at)
       SELECT $1, n, 'revised', 'PENDING', now() FROM generate_series(2, $2) AS n`,
      [orderId, LENGTH],
    );
    await order.sql('UPDATE orders SET revision = $2 WHERE id = $1', [orderId, LENGTH]);
  });

  it('sends the whole history in order to a client that reads', async () => {
    const follower = await Follower.follow(order.url, orderId);
    await waitUntil('the last event', () => follower.events.length >= LENGTH);
    expect(follower.events.every(({ id }, index) => id === String(index + 1))).toBe(true);
    follower.leave();
  });

  it('drops a client that does not read, instead of buffering the history', async () => {
    await beside({ EVENT_HEARTBEAT_MS: '200' }, async (app, url) => {
      await Follower.follow(url, orderId, { reads: false });
      expect(openAt(app)).toBe(1);
      await waitUntil('the client is dropped', () => openAt(app) === 0);
    });
  });
});
