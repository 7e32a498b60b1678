import { ServiceUnderTest } from '../../../../libs/service/test/service-under-test';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { OrderEnvironment } from '../order-environment';
import { orderService } from '../order-service';
import { WebhookTargetServer } from '../../test/webhook-target-server';

/** Two hosts with four calls each fill them. */
const CALLS = 8;

let order: ServiceUnderTest<OrderEnvironment>;
const targets: WebhookTargetServer[] = [];

beforeAll(async () => {
  order = await ServiceUnderTest.start(orderService, {
    WEBHOOK_HOSTS: '127.0.0.1',
    WEBHOOK_SECRET: `whsec_${Buffer.from('a secret of some thirty-two bytes').toString('base64')}`,
    WEBHOOK_PRIVATE_TARGETS: 'yes',
    WEBHOOK_FIRST_RETRY_MS: '1',
    WEBHOOK_TIMEOUT_MS: '1000',
    WEBHOOK_CALLS: String(CALLS),
  });
});
afterAll(async () => {
  await Promise.all(targets.map((each) => each.stop()));
  await order?.stop();
});

async function target(...behaviour: Parameters<typeof WebhookTargetServer.start>): Promise<WebhookTargetServer> {
  const started = await WebhookTargetServer.start(...behaviour);
  targets.push(started);
  return started;
}

/** Inserts this many ended orders with this webhook URL. */
async function due({ url }: WebhookTargetServer, orders: number): Promise<void> {
  await order.sql(
    `WITH event AS (
       INSERT INTO order_event (order_id, seq, event, status, at)
       SELECT gen_random_uuid(), 2, 'approved', 'APPROVED', now() FROM generate_series(1, $2) RETURNING order_id, seq
     )
     INSERT INTO webhook_delivery (order_id, seq, url) SELECT order_id, seq, $1 FROM event`,
    [url, orders],
  );
}

describe('the webhook calls of an instance', () => {
  it('calls other hosts first when hosts that never answer occupy all calls', async () => {
    const silent = [await target(() => undefined), await target(() => undefined)];
    const calls = (): number => silent.reduce((sum, { connections }) => sum + connections, 0);
    for (const each of silent) await due(each, 50);
    await waitUntil('all calls are in progress', () => calls() >= CALLS);

    const callsUntil: number[] = [];
    const answer: Parameters<typeof target>[0] = (_request, response) => {
      callsUntil.push(calls());
      response.end();
    };
    const quick = [await target(answer), await target(answer), await target(answer)];
    for (const each of quick) await due(each, 1);
    const before = calls();
    await waitUntil('the other hosts are called', () => callsUntil.length === quick.length);

    // Exactly those that fill the free calls; a second round would double them.
    expect(Math.max(...callsUntil) - before).toBeLessThan(2 * CALLS);
    expect(silent.map(({ maxConcurrent: mostAtOnce }) => mostAtOnce)).toEqual([4, 4]);
  });
});
