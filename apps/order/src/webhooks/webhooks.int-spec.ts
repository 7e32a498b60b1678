import { confirmOrder, finishCancellation, rejectOrder } from '@palinode/contracts';
import { Webhook } from 'standardwebhooks';
import request, { type Test } from 'supertest';
import { v7 } from 'uuid';
import { ServiceUnderTest } from '../../../../libs/service/test/service-under-test';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { OrderEnvironment } from '../order-environment';
import { orderService } from '../order-service';
import { WebhookTargetServer } from '../../test/webhook-target-server';
import { WebhookCaller } from './webhook-call';
import type { WebhookDelivery } from './webhook-messages';
import { WebhookQueue, type Attempt } from './webhook-queue';
const OLD = `whsec_${Buffer.from('an old secret of thirty-two bytes').toString('base64')}`;
const NEW = `whsec_${Buffer.from('a new secret of thirty-two bytes!').toString('base64')}`;

let order: ServiceUnderTest<OrderEnvironment>;
const targets: WebhookTargetServer[] = [];

beforeAll(async () => {
  order = await ServiceUnderTest.start(orderService, {
    WEBHOOK_HOSTS: '127.0.0.1',
    WEBHOOK_SECRET: `${NEW},${OLD}`,
    WEBHOOK_PRIVATE_TARGETS: 'yes',
    WEBHOOK_FIRST_RETRY_MS: '20',
    WEBHOOK_TIMEOUT_MS: '1000',
  });
});
afterAll(async () => {
  await Promise.all(targets.map((each) => each.stop()));
  await order?.stop();
});

const body = { customerId: 'c-1', lines: [{ sku: 'SKU-CUP', quantity: 2 }], paymentToken: 'tok_ok' };
const http = (): ReturnType<typeof request> => request(order.app.getHttpServer());
const place = (webhookUrl: unknown): Test =>
  http()
    .post('/orders')
    .send({ ...body, webhookUrl });
const deliveriesOf = async (orderId: string): Promise<WebhookDelivery[]> =>
  (await http().get(`/orders/${orderId}/webhook-deliveries`).expect(200)).body.items;

async function target(...behaviour: Parameters<typeof WebhookTargetServer.start>): Promise<WebhookTargetServer> {
  const started = await WebhookTargetServer.start(...behaviour);
  targets.push(started);
  return started;
}

/** Places and ends an order, so that its webhook is due. */
async function approved(webhookUrl: string): Promise<string> {
  const { orderId } = (await place(webhookUrl).expect(202)).body;
  await order.orchestrator.send(confirmOrder, { orderId });
  return orderId;
}

const deliveryOf = (orderId: string, is: (delivery: WebhookDelivery) => boolean): Promise<WebhookDelivery> =>
  waitUntil('the delivery', async () => (await deliveriesOf(orderId)).find(is));

describe('the webhook of an order', () => {
  it('calls the webhook when the order ends, signed with every secret', async () => {
    const shop = await target();
    const response = await place(shop.url).expect(202);
    const { orderId, links } = response.body;
    expect(links).toMatchObject({ webhookDeliveries: `/orders/${orderId}/webhook-deliveries` });
    expect(await deliveriesOf(orderId)).toEqual([]);
    const compensation = { sagadirection: 'compensation' } as const;
    await order.orchestrator.send(rejectOrder, { orderId, reason: 'card-declined' }, compensation);
    const delivery = await deliveryOf(orderId, ({ status }) => status === 'DELIVERED');

    const [call, ...others] = shop.received;
    expect(others).toEqual([]);
    const headers = call?.headers as Record<string, string>;
    for (const secret of [OLD, NEW]) {
      expect(new Webhook(secret).verify(call?.body ?? '', headers)).toEqual({
        type: 'order.rejected',
        timestamp: expect.any(String),
        data: expect.objectContaining({ orderId, seq: 2, status: 'REJECTED', rejection: expect.anything() }),
      });
    }
    expect(delivery).toEqual({
      id: headers['webhook-id'],
      event: 'rejected',
      seq: 2,
      host: `127.0.0.1:${shop.port}`,
      status: 'DELIVERED',
      nextAttemptAt: null,
      createdAt: expect.any(String),
      endedAt: expect.any(String),
      attempts: [{ attempt: 1, at: expect.any(String), tookMs: expect.any(Number), status: 200, problem: null }],
    });
  });

  it('calls the webhook for each event of the order', async () => {
    const shop = await target();
    const orderId = await approved(shop.url);
    await http().post(`/orders/${orderId}/cancellation`).expect(202);
    await order.orchestrator.send(finishCancellation, { orderId });
    await deliveryOf(orderId, ({ event, status }) => event === 'cancelled' && status === 'DELIVERED');
    await waitUntil('the other calls', () => shop.received.length === 3);
    expect(new Set(shop.received.map((each) => JSON.parse(each.body).type))).toEqual(
      new Set(['order.approved', 'order.cancelling', 'order.cancelled']),
    );
  });

  it('repeats a webhook call under the same id until its target answers with success', async () => {
    const shop = await target((_request, response) => {
      response.statusCode = shop.received.length < 4 ? 503 : 204;
      response.end();
    });
    const orderId = await approved(shop.url);
    const delivery = await deliveryOf(orderId, ({ status }) => status === 'DELIVERED');
    expect(delivery.attempts.map(({ status }) => status)).toEqual([503, 503, 503, 204]);
    expect(new Set(shop.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([delivery.id]));
    expect(new Set(shop.received.map((each) => each.body)).size).toBe(1);
  });

  it.each([429, 503])('waits as long as a target that answers %i requests', async (status) => {
    const shop = await target((_request, response) => response.writeHead(status, { 'retry-after': '600' }).end());
    const orderId = await approved(shop.url);
    const { attempts, nextAttemptAt } = await deliveryOf(orderId, (each) => each.attempts.length > 0);
    const waitMs = Date.parse(String(nextAttemptAt)) - Date.parse(attempts[0]?.at ?? '');
    expect(waitMs).toBeGreaterThan(599_000);
    expect(waitMs).toBeLessThan(660_000);
    expect(attempts).toHaveLength(1);
  });

  it('retries soon after other failures, and ignores Retry-After', async () => {
    const shop = await target((_request, response) => response.writeHead(500, { 'retry-after': '600' }).end());
    const { attempts } = await deliveryOf(await approved(shop.url), (each) => each.attempts.length > 1);
    expect(attempts[0]).toMatchObject({ status: 500 });
  });

  it('calls a webhook once when several instances run', async () => {
    const shop = await target();
    const other = await order.another();
    try {
      const orderIds = await Promise.all(Array.from({ length: 20 }, () => approved(shop.url)));
      const delivered = await Promise.all(
        orderIds.map((orderId) => deliveryOf(orderId, ({ status }) => status === 'DELIVERED')),
      );
      expect(new Set(shop.received.map((each) => JSON.parse(each.body).data.orderId))).toEqual(new Set(orderIds));
      // One of each, unless the machine was so slow that a call took longer than it may, and was repeated.
      const attempts = delivered.reduce((sum, each) => sum + each.attempts.length, 0);
      expect(shop.received.length).toBeLessThanOrEqual(attempts);
    } finally {
      await other.close();
    }
  });

  it('repeats a webhook call at another instance when one died during the call', async () => {
    const shop = await target();
    const { orderId } = (await place(shop.url).expect(202)).body;
    // The row that an instance leaves when it dies during its call.
    await order.sql(
      `INSERT INTO order_event (order_id, seq, event, status, at) VALUES ($1, 2, 'approved', 'APPROVED', now())`,
      [orderId],
    );
    await order.sql(
      `INSERT INTO webhook_delivery (order_id, seq, url, attempts, due_at)
       VALUES ($1, 2, $2, 1, now() + interval '300 ms')`,
      [orderId, shop.url],
    );
    const { id, attempts } = await deliveryOf(orderId, ({ status }) => status === 'DELIVERED');
    expect(attempts).toMatchObject([{ attempt: 2, status: 200 }]);
    // The same instance continues after a stall, too late.
    const lost = { id, attempts: 1 } as Attempt;
    const late = await order.app
      .get(WebhookQueue)
      .recordOutcome(lost, { status: 500, tookMs: 1 }, { status: 'PENDING', inMs: 0, hours: 24 });
    expect(late).toBeUndefined();
  });

  it('does not follow the redirects of a webhook target', async () => {
    const inside = await target();
    const shop = await target((_request, response) => {
      response.writeHead(307, { location: inside.url }).end();
    });
    const orderId = await approved(shop.url);
    const { attempts } = await deliveryOf(orderId, (each) => each.attempts.length > 1);
    expect(attempts[0]).toMatchObject({ status: 307, problem: 'redirects are not followed' });
    expect(inside.connections).toBe(0);
  });

  it('calls other webhooks without delay while a target never answers', async () => {
    const silent = await target(() => undefined);
    const orderIds = await Promise.all(Array.from({ length: 12 }, () => approved(silent.url)));
    const shop = await target();
    const last = await approved(shop.url);
    await deliveryOf(last, ({ status }) => status === 'DELIVERED');
    const { attempts } = await deliveryOf(orderIds[0] ?? '', (each) => each.attempts.length > 0);
    expect(attempts[0]).toMatchObject({ status: null, problem: 'no answer in time' });
    // All twelve stay due, and at most four are in progress.
    await waitUntil('more than one round of calls', () => silent.connections > 4);
    expect(silent.maxConcurrent).toBe(4);
  });

  it('delivers a webhook whose target sends an endless answer', async () => {
    const endless = await target((_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(64 * 1024), () => setImmediate(more));
      };
      response.on('error', () => undefined);
      more();
    });
    const orderId = await approved(endless.url);
    const { attempts } = await deliveryOf(orderId, ({ status }) => status === 'DELIVERED');
    expect(attempts).toMatchObject([{ status: 200, problem: null }]);
  });

  it('gives a webhook up when its target answers 410', async () => {
    const gone = await target((_request, response) => response.writeHead(410).end());
    const orderId = await approved(gone.url);
    const { attempts } = await deliveryOf(orderId, ({ status }) => status === 'GIVEN_UP');
    expect(attempts).toHaveLength(1);
  });

  it('gives a webhook up after 24 hours', async () => {
    const broken = await target((_request, response) => response.writeHead(500).end());
    const orderId = await approved(broken.url);
    await deliveryOf(orderId, (each) => each.attempts.length > 1);
    await order.sql(`UPDATE webhook_delivery SET created_at = now() - interval '25 hours' WHERE order_id = $1`, [
      orderId,
    ]);
    const delivery = await deliveryOf(orderId, ({ status }) => status === 'GIVEN_UP');
    expect(delivery).toMatchObject({ nextAttemptAt: null, endedAt: expect.any(String) });
  });

  it('records why a webhook target cannot be reached', async () => {
    const closed = await WebhookTargetServer.start();
    const { url } = closed;
    await closed.stop();
    const { attempts } = await deliveryOf(await approved(url), (each) => each.attempts.length > 0);
    expect(attempts[0]).toMatchObject({ status: null, problem: expect.stringContaining('ECONNREFUSED') });
  });
});

describe('a webhook to a private address', () => {
  const strict = new WebhookCaller({ hosts: ['*'], privateTargets: false });
  const call = (url: string): ReturnType<WebhookCaller['call']> =>
    strict.call({ url, headers: {}, body: '{}', timeoutMs: 5_000, signal: new AbortController().signal });

  it('opens no connection to a private address, by host name or IP address', async () => {
    const inside = await target();
    expect(await call(`https://localhost:${inside.port}/`)).toMatchObject({
      problem: 'localhost resolves to a private address',
    });
    expect(await call(`https://127.0.0.1:${inside.port}/`)).toMatchObject({
      problem: 'the URL must not lead to a private address',
    });
    expect(inside.connections).toBe(0);
  });
});

describe('the webhook API with an invalid request', () => {
  it.each([
    ['that cannot be parsed', 'hooks', 422],
    ['of a host that is not allowed', 'http://192.168.0.1/', 422],
    ['of an unsupported scheme', 'ftp://127.0.0.1/', 422],
    ['with a password', 'http://u:p@127.0.0.1/', 422],
    ['that is not a string', 7, 400],
    ['that is empty', '', 422],
  ])('rejects a webhook URL %s, names the field and writes nothing', async (_what, webhookUrl, status) => {
    const [before] = await order.sql('SELECT count(*) FROM orders');
    const { body: problem } = await place(webhookUrl).expect(status);
    expect(problem.errors).toEqual([expect.objectContaining({ field: 'webhookUrl' })]);
    expect(await order.sql('SELECT count(*) FROM orders')).toEqual([before]);
  });

  it('rejects every webhook URL when no webhook host is allowed', async () => {
    const other = await order.another({ WEBHOOK_HOSTS: '' });
    try {
      await request(other.getHttpServer())
        .post('/orders')
        .send({ ...body, webhookUrl: 'https://hooks.example.com/' })
        .expect(422);
    } finally {
      await other.close();
    }
  });

  it('answers 404 for the deliveries of an unknown order', async () => {
    await http().get(`/orders/${v7()}/webhook-deliveries`).expect(404);
  });
});
