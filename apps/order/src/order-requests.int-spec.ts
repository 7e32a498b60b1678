/* Requests at the limits of what is allowed: each gets an immediate answer that names the remedy. */
import { confirmOrder } from '@palinode/contracts';
import request, { type Test } from 'supertest';
import { v7 } from 'uuid';
import { ServiceUnderTest } from '../../../libs/service/test/service-under-test';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { EventStreams } from './following/event-streams';
import type { OrderEnvironment } from './order-environment';
import { orderService } from './order-service';

let order: ServiceUnderTest<OrderEnvironment>;

beforeAll(async () => {
  // No saga is answered here; faults for one order need no answer.
  order = await ServiceUnderTest.start(orderService, { FAULTS_URL: 'http://127.0.0.1:1' });
});
afterAll(() => order?.stop());

const body = { customerId: 'c-1', lines: [{ sku: 'SKU-CUP', quantity: 2 }], paymentToken: 'tok_ok' };
const http = (): ReturnType<typeof request> => request(order.app.getHttpServer());
const place = (changes: object = {}): Test =>
  http()
    .post('/orders')
    .send({ ...body, ...changes });

describe('HEAD on the event stream of an order', () => {
  const head = (orderId: string): Test => http().head(`/orders/${orderId}/events`);

  it('answers HEAD on an event stream at once while the order is pending, and opens no stream', async () => {
    const { orderId } = (await place().expect(202)).body;
    await head(orderId).expect(200).expect('content-type', 'text/event-stream; charset=utf-8');
    expect(order.app.get(EventStreams).count).toBe(0);
  });

  it('answers HEAD on an event stream at once when the order is settled, unknown or malformed', async () => {
    const { orderId } = (await place().expect(202)).body;
    await order.orchestrator.send(confirmOrder, { orderId });
    await head(orderId).expect(200);
    await head(orderId).set('Last-Event-ID', '9').expect(204);
    await head(v7()).expect(404);
    await head('none').expect(400);
  });
});

describe('an order whose optional field is null', () => {
  it('accepts a null webhook URL as no webhook', async () => {
    const { body: accepted } = await place({ webhookUrl: null }).expect(202);
    expect(accepted.links).not.toHaveProperty('webhookDeliveries');
  });

  it('treats null and a missing field as the same request under an Idempotency-Key', async () => {
    const key = v7();
    const first = await place({ webhookUrl: null }).set('Idempotency-Key', key).expect(202);
    const second = await place().set('Idempotency-Key', key).expect(202);
    expect(second.body.orderId).toBe(first.body.orderId);
  });
});

describe('a repeated Idempotency-Key on a database whose default is serializable', () => {
  it('places one order for concurrent repetitions of an Idempotency-Key, also under serializable isolation', async () => {
    const [{ database }] = (await order.sql<{ database: string }>('SELECT current_database() AS database')) as [
      { database: string },
    ];
    await order.sql(`ALTER DATABASE ${database} SET default_transaction_isolation = serializable`);
    const other = await order.another();
    try {
      const key = v7();
      const repeat = (): Test => request(other.getHttpServer()).post('/orders').set('Idempotency-Key', key).send(body);
      const answers = await Promise.all(Array.from({ length: 16 }, repeat));
      answers.push(await repeat());
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      expect(new Set(answers.map((answer) => (answer.body as { orderId: string }).orderId)).size).toBe(1);
    } finally {
      await other.close();
      await order.sql(`ALTER DATABASE ${database} RESET default_transaction_isolation`);
    }
  });
});

describe('the header X-Saga-Fault', () => {
  const asking = (fault: string): Test => place().set('X-Saga-Fault', fault);
  const ofLength = (length: number): string => 'order.confirm=refuse;reason='.padEnd(length, 'x');

  it('accepts an X-Saga-Fault header of 512 characters, and starts the saga', async () => {
    const { sagaId } = (await asking(ofLength(512)).expect(202)).body;
    await waitUntil('the start', () => order.orchestrator.starts.some(({ sagaid }) => sagaid === sagaId));
  });

  it.each([
    [ofLength(513), 'must have at most 512 characters'],
    ['order.confirm=fail;every=true', 'every of a fault must be one of yes, no'],
    ['order.confirm=fail;count=0', 'count of a fault must be a whole number from 1'],
    ['order.confirm=fail;often=2', 'often is no parameter'],
    ['', 'write command=effect'],
  ])('rejects an X-Saga-Fault header that is %s with 422 and the reason', async (fault, reason) => {
    const refused = await asking(fault)
      .expect(422)
      .expect('content-type', /problem\+json/);
    expect(refused.body.errors).toEqual([{ field: 'X-Saga-Fault', problem: expect.stringContaining(reason) }]);
  });

  it.each([
    ['order.confirm=drop-reply;ms=100', 'effect.ms', 'is only for delay, hang, late-reply, not for drop-reply'],
    ['order.confirm=fail;reason=tired', 'effect.reason', 'is only for refuse, not for fail'],
  ])(
    'rejects the X-Saga-Fault header %s, whose parameter would be ignored, with 422',
    async (fault, field, problem) => {
      const refused = await asking(fault).expect(422);
      expect(refused.body.errors).toEqual([{ field, problem }]);
    },
  );
});

describe('a request from a foreign web page', () => {
  const crossSite = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };

  it('rejects cross-site requests without a body, so that they cancel no order and open no stream', async () => {
    const { orderId } = (await place().expect(202)).body;
    await order.orchestrator.send(confirmOrder, { orderId });
    const { body: problem } = await http().post(`/orders/${orderId}/cancellation`).set(crossSite).expect(403);
    expect(problem).toMatchObject({
      type: 'urn:palinode:problem:cross-origin',
      instance: `/orders/${orderId}/cancellation`,
    });
    await http().get(`/orders/${orderId}/events`).set(crossSite).expect(403);
    await http()
      .get(`/orders/${orderId}`)
      .expect(200)
      .expect(({ body: found }) => expect(found.status).toBe('APPROVED'));
  });

  it('rejects requests after DNS rebinding, on every route', async () => {
    for (const path of ['/orders', '/catalogue', '/livez', '/docs', '/openapi.json', '/none']) {
      const refused = await http().get(path).set('Host', 'rebind.evil.example').expect(421);
      expect(refused.body).toMatchObject({ type: 'urn:palinode:problem:unknown-host' });
    }
  });
});

describe('an order id in capitals', () => {
  /** The parts of an answer that do not depend on the moment. */
  const answerOf = async (method: 'get' | 'post', path: string): Promise<unknown> => {
    const { status, headers, text, body: said } = await http()[method](path);
    const stream = headers['content-type']?.startsWith('text/event-stream');
    return { status, said: stream ? text : { ...said, sagaId: undefined, instance: undefined } };
  };

  it('answers an order id in capitals on every route as in lower case', async () => {
    const { orderId } = (await place().expect(202)).body as { orderId: string };
    await order.orchestrator.send(confirmOrder, { orderId });
    const { body: described } = await http().get('/openapi.json').expect(200);
    const paths = Object.entries(described.paths as Record<string, object>).filter(([path]) => path.includes('{id}'));
    expect(paths.map(([path]) => path)).toEqual(expect.arrayContaining(['/orders/{id}', '/orders/{id}/events']));
    for (const [path, methods] of paths)
      for (const method of Object.keys(methods) as ('get' | 'post')[]) {
        // The first cancellation changes what the second finds.
        if (path.endsWith('/cancellation')) continue;
        const answer = await answerOf(method, path.replace('{id}', orderId));
        const capitals = await answerOf(method, path.replace('{id}', orderId.toUpperCase()));
        expect({ path, method, ...(capitals as object) }).toEqual({ path, method, ...(answer as object) });
        expect(answer).not.toMatchObject({ status: 404 });
      }
  });

  it('cancels an order by its id in capitals, and gives the saga the business key in lower case', async () => {
    const { orderId } = (await place().expect(202)).body as { orderId: string };
    await order.orchestrator.send(confirmOrder, { orderId });
    const { body: accepted } = await http().post(`/orders/${orderId.toUpperCase()}/cancellation`).expect(202);
    expect(accepted.orderId).toBe(orderId);
    const start = (): { subject?: string | undefined } | undefined =>
      order.orchestrator.starts.find(({ sagaid }) => sagaid === accepted.sagaId);
    await waitUntil('the start', () => start() !== undefined);
    expect(start()?.subject).toBe(orderId);
  });
});
