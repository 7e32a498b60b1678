/* Tests which webhook is called next when more are due than may be called at once. */
import { v7 } from 'uuid';
import { ServiceUnderTest } from '../../../../libs/service/test/service-under-test';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { OrderEnvironment } from '../order-environment';
import { orderService } from '../order-service';
import { WebhookTargetServer } from '../../test/webhook-target-server';
import { WebhookQueue, type Attempt } from './webhook-queue';

const CALLS = 8;
const settings = {
  WEBHOOK_SECRET: `whsec_${Buffer.from('a secret of some thirty-two bytes').toString('base64')}`,
  WEBHOOK_PRIVATE_TARGETS: 'yes',
  WEBHOOK_TIMEOUT_MS: '1000',
  WEBHOOK_FIRST_RETRY_MS: '1',
  WEBHOOK_CALLS: String(CALLS),
};

/** Without hosts it calls no webhook by itself. */
let order: ServiceUnderTest<OrderEnvironment>;
let queue: WebhookQueue;

beforeAll(async () => {
  order = await ServiceUnderTest.start(orderService, settings);
  queue = order.app.get(WebhookQueue);
});
afterAll(() => order?.stop());
afterEach(() => order.sql('DELETE FROM webhook_delivery'));

/** Inserts an ended order of this customer for each URL; earlier inserts are due earlier. */
async function due(customer: string, urls: readonly string[], { attempts = 0 } = {}): Promise<void> {
  await order.sql(
    `WITH ended AS (
       INSERT INTO orders (id, saga_id, customer_id, lines, total_cents, currency)
       SELECT gen_random_uuid(), gen_random_uuid(), $1, '[]', 1, 'EUR' FROM unnest($2::text[]) RETURNING id
     ), event AS (
       INSERT INTO order_event (order_id, seq, event, status, at) SELECT id, 2, 'approved', 'APPROVED', now() FROM ended
     )
     INSERT INTO webhook_delivery (order_id, seq, url, attempts)
     SELECT id, 2, url, $3 FROM (SELECT id, row_number() OVER () AS n FROM ended) AS ended
     JOIN unnest($2::text[]) WITH ORDINALITY AS target (url, n) USING (n)`,
    [customer, urls, attempts],
  );
}

const hosts = (count: number): string[] => Array.from({ length: count }, () => `https://${v7()}.silent.example/`);

/** Claims the next calls with this many calls free, while the customers have these in progress. */
async function next(free: number, occupied: Record<string, number> = {}): Promise<readonly string[]> {
  const room = { busy: new Map(), occupied: new Map(Object.entries(occupied)), perHost: 4, free, leaseMs: 60_000 };
  return (await queue.claim(room)).map(({ customer }: Attempt) => customer);
}

describe('the next free webhook call', () => {
  it('gives a free webhook call to another customer when one has 200 hosts due earlier and occupies all other calls', async () => {
    await due('many-hosts', hosts(200));
    await due('another', ['https://hooks.example/']);
    expect(await next(1, { 'many-hosts': CALLS - 1 })).toEqual(['another']);
  });

  it('calls a webhook of every customer before a second one of the same customer', async () => {
    await due('many-hosts', hosts(200));
    await due('another', ['https://hooks.example/']);
    expect((await next(2)).toSorted()).toEqual(['another', 'many-hosts']);
  });

  it('gives a free webhook call to the customer with the fewest calls in progress', async () => {
    await due('a', hosts(3));
    await due('b', hosts(3));
    await due('c', hosts(3));
    expect(await next(1, { a: 2, b: 1, c: 2 })).toEqual(['b']);
  });

  it('calls a webhook that has not failed before 200 failed ones of other customers', async () => {
    for (let n = 0; n < 20; n += 1) await due(`silent-${n}`, hosts(10), { attempts: 3 });
    await due('another', ['https://hooks.example/']);
    expect(await next(1)).toEqual(['another']);
  });

  it('calls every due webhook eventually', async () => {
    await due('many-hosts', hosts(50), { attempts: 1 });
    await due('another', hosts(50));
    const called: string[] = [];
    for (let turn = 0; turn < 13; turn += 1) called.push(...(await next(8)));
    expect(called).toHaveLength(100);
    expect(called.slice(0, 8).filter((customer) => customer === 'another')).toHaveLength(4);
  });
});

it('calls a webhook of one customer in the next poll while 40 hosts of another never answer', async () => {
  const silent = await Promise.all(Array.from({ length: 40 }, () => WebhookTargetServer.start(() => undefined)));
  const calls = (): number => silent.reduce((sum, { connections }) => sum + connections, 0);
  let callsUntil: number | undefined;
  const quick = await WebhookTargetServer.start((_request, response) => {
    callsUntil ??= calls();
    response.end();
  });
  const app = await order.another({ ...settings, WEBHOOK_HOSTS: '127.0.0.1' });
  try {
    await due(
      'many-hosts',
      silent.map(({ url }) => url),
    );
    await waitUntil('all calls are in progress', () => calls() >= CALLS);
    await due('another', [quick.url]);
    const before = calls();
    await waitUntil('the call', () => callsUntil !== undefined);
    // At most the calls of a poll that began before the webhook was due, and those of its own poll.
    expect((callsUntil ?? 0) - before).toBeLessThan(2 * CALLS);
  } finally {
    await app.close();
    await Promise.all([...silent, quick].map((each) => each.stop()));
  }
});
