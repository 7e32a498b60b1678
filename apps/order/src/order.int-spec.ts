import { confirmOrder, orderApproved, orderPlaced, orderRejected, rejectOrder } from '@palinode/contracts';
import type { DomainEvent } from '@palinode/saga/contract';
import request, { type Test } from 'supertest';
import { v7 } from 'uuid';
import { ServiceUnderTest } from '../../../libs/service/test/service-under-test';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { OrderEnvironment } from './order-environment';
import { orderService } from './order-service';
let order: ServiceUnderTest<OrderEnvironment>;

beforeAll(async () => {
  order = await ServiceUnderTest.start(orderService, { PUBLIC_URL_ORCHESTRATOR: 'http://orchestrator.test' });
});
afterAll(() => order?.stop());

const body = { customerId: 'c-1', lines: [{ sku: 'SKU-CUP', quantity: 2 }], paymentToken: 'tok_ok' };
const http = (): ReturnType<typeof request> => request(order.app.getHttpServer());
const place = (changes: object = {}): Test =>
  http()
    .post('/orders')
    .send({ ...body, ...changes });
const confirm = (orderId: string): Promise<unknown> => order.orchestrator.send(confirmOrder, { orderId });
const reject = (orderId: string, reason: string): Promise<unknown> =>
  order.orchestrator.send(rejectOrder, { orderId, reason }, { sagadirection: 'compensation' });
const read = async (orderId: string): Promise<Record<string, unknown>> =>
  (await http().get(`/orders/${orderId}`).expect(200)).body;
const startsOf = (orderId: string): unknown[] => order.orchestrator.starts.filter(({ subject }) => subject === orderId);
const eventsOf = (orderId: string): DomainEvent[] =>
  order.orchestrator.events.filter(({ subject }) => subject === orderId);
const hasHappened = (orderId: string, ...types: string[]): Promise<unknown> =>
  waitUntil(types.join(', '), () => String(eventsOf(orderId).map(({ type }) => type)) === String(types));
const effectsOf = (orderId: string): Promise<unknown[]> =>
  order.sql('SELECT command FROM effects WHERE order_id = $1 ORDER BY at', [orderId]);

async function count(): Promise<unknown> {
  const [row] = await order.sql(
    'SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM idempotency_key) AS keys',
  );
  return row;
}

describe('POST /orders', () => {
  it('accepts an order and links to it', async () => {
    const response = await place().expect(202);
    const { orderId, sagaId } = response.body;
    expect(response.headers['location']).toBe(`/orders/${orderId}`);
    const links = {
      order: `/orders/${orderId}`,
      events: `/orders/${orderId}/events`,
      saga: `http://orchestrator.test/v1/sagas/${sagaId}`,
    };
    expect(response.body).toEqual({ orderId, sagaId, status: 'PENDING', links });
    expect(await read(orderId)).toEqual({
      orderId,
      sagaId,
      customerId: 'c-1',
      status: 'PENDING',
      lines: [{ sku: 'SKU-CUP', name: 'Porcelain cup', quantity: 2, unitPriceCents: 1_250 }],
      totalCents: 2_500,
      currency: 'EUR',
      revision: 1,
      createdAt: expect.any(String),
      endedAt: null,
    });
  });

  it('starts the saga with the prices of the catalogue', async () => {
    const { orderId, sagaId } = (await place().expect(202)).body;
    await waitUntil('the saga starts', async () => startsOf(orderId).length > 0);
    expect(startsOf(orderId)).toEqual([
      expect.objectContaining({
        sagaid: sagaId,
        data: { saga: 'place-order', input: { ...body, orderId, amountCents: 2_500, currency: 'EUR' } },
      }),
    ]);
  });

  it('answers 202 when the saga does not end within the preferred wait', async () => {
    await place().set('Prefer', 'wait=1').expect(202).expect('Preference-Applied', 'wait=1');
  });

  it('waits for the end of the saga when the client prefers to wait', async () => {
    const response = place().set('Prefer', 'wait=20').expect(200);
    const answered = response.then(({ body: found }) => found);
    const orderId = await waitUntil('the order', async () => newestPending());
    await confirm(orderId);
    expect(await answered).toMatchObject({ orderId, status: 'APPROVED' });
  });

  it('reads the order once more when the wait is over', async () => {
    const answered = place()
      .set('Prefer', 'wait=2')
      .expect(200)
      .then(({ body: found }) => found);
    const orderId = await waitUntil('the order', async () => newestPending());
    // No notification announces this change.
    await order.sql(`UPDATE orders SET status = 'APPROVED' WHERE id = $1`, [orderId]);
    expect(await answered).toMatchObject({ orderId, status: 'APPROVED' });
  });

  async function newestPending(): Promise<string | undefined> {
    const found = await order.sql<{ id: string }>(
      `SELECT id FROM orders WHERE status = 'PENDING' AND created_at > now() - interval '300 ms'
       ORDER BY id DESC LIMIT 1`,
    );
    return found[0]?.id;
  }
});

describe('an Idempotency-Key', () => {
  it('repeats the first answer to an Idempotency-Key without placing a second order', async () => {
    const key = v7();
    const first = await place().set('Idempotency-Key', key).expect(202);
    const before = await count();
    const second = await place().set('Idempotency-Key', key).expect(202);
    expect(second.body).toEqual(first.body);
    expect(await count()).toEqual(before);
  });

  it('places one order for concurrent requests with one Idempotency-Key', async () => {
    const key = v7();
    const answers = await Promise.all(Array.from({ length: 8 }, () => place().set('Idempotency-Key', key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const [orderId, ...others] = new Set(answers.map(({ body: found }) => found.orderId as string));
    expect(others).toEqual([]);
    await waitUntil('the saga starts', async () => startsOf(orderId ?? '').length > 0);
    expect(startsOf(orderId ?? '')).toHaveLength(1);
  });

  it('rejects an Idempotency-Key with a different body', async () => {
    const key = v7();
    await place().set('Idempotency-Key', key).expect(202);
    const { body: problem } = await place({ paymentToken: 'tok_declined' }).set('Idempotency-Key', key).expect(422);
    expect(problem).toMatchObject({ type: 'urn:palinode:problem:idempotency-key-reused' });
  });

  it('separates the Idempotency-Keys of different customers', async () => {
    const key = v7();
    const first = await place().set('Idempotency-Key', key).expect(202);
    const second = await place({ customerId: 'c-2' }).set('Idempotency-Key', key).expect(202);
    expect(second.body.orderId).not.toBe(first.body.orderId);
  });

  it('expires an Idempotency-Key after 24 hours', async () => {
    const key = v7();
    const first = await place().set('Idempotency-Key', key).expect(202);
    await order.sql(`UPDATE idempotency_key SET created_at = now() - interval '25 hours' WHERE key = $1`, [key]);
    const second = await place().set('Idempotency-Key', key).expect(202);
    expect(second.body.orderId).not.toBe(first.body.orderId);
  });

  it('returns at once an order that has ended, even when the client prefers to wait', async () => {
    const key = v7();
    const { orderId } = (await place().set('Idempotency-Key', key).expect(202)).body;
    await confirm(orderId);
    const again = await place().set('Idempotency-Key', key).set('Prefer', 'wait=20').expect(200);
    expect(again.body).toMatchObject({ orderId, status: 'APPROVED' });
  });
});

describe('order.confirm', () => {
  it('approves the order only once when it is called twice', async () => {
    const { orderId } = (await place().expect(202)).body;
    expect(await confirm(orderId)).toMatchObject({ outcome: 'success' });
    expect(await confirm(orderId)).toMatchObject({ outcome: 'success' });
    expect(await read(orderId)).toMatchObject({ status: 'APPROVED', endedAt: expect.any(String) });
    expect(await effectsOf(orderId)).toEqual([{ command: confirmOrder.type }]);
  });

  it('fails for a rejected or unknown order', async () => {
    const { orderId } = (await place().expect(202)).body;
    await reject(orderId, 'out-of-stock');
    expect(await confirm(orderId)).toMatchObject({ outcome: 'failure' });
    expect(await confirm(v7())).toMatchObject({ outcome: 'failure' });
    expect(await read(orderId)).toMatchObject({ status: 'REJECTED' });
  });
});

describe('order.reject', () => {
  it('explains to the customer in words why the order is rejected', async () => {
    const { orderId } = (await place().expect(202)).body;
    expect(await reject(orderId, 'card-declined')).toMatchObject({ outcome: 'success' });
    expect(await read(orderId)).toMatchObject({
      status: 'REJECTED',
      rejection: { reason: 'card-declined', message: 'Your card was declined. Please use another one.' },
    });
    expect(await effectsOf(orderId)).toEqual([{ command: rejectOrder.type }]);
  });

  it('hides a technical reason from the customer', async () => {
    const { orderId } = (await place().expect(202)).body;
    await reject(orderId, 'no-answer');
    expect(await read(orderId)).toMatchObject({ rejection: { reason: 'not-available' } });
  });

  it('succeeds for an unknown order', async () => {
    expect(await reject(v7(), 'deadline')).toMatchObject({ outcome: 'success' });
  });
});

describe('GET /orders', () => {
  it('pages through a customer’s orders, newest first', async () => {
    const customerId = `c-${v7()}`;
    const placed: string[] = [];
    for (let n = 0; n < 5; n += 1) placed.unshift((await place({ customerId })).body.orderId);
    const first = await http().get('/orders').query({ customerId, limit: 3 }).expect(200);
    const second = await http().get('/orders').query({ customerId, limit: 3, cursor: first.body.next }).expect(200);
    const ids = [...first.body.items, ...second.body.items].map(({ orderId }) => orderId as string);
    expect(ids).toEqual(placed);
    expect(second.body.next).toBeUndefined();
  });

  it('filters by status', async () => {
    const customerId = `c-${v7()}`;
    const { orderId } = (await place({ customerId })).body;
    await place({ customerId });
    await confirm(orderId);
    const { body: page } = await http().get('/orders').query({ customerId, status: 'APPROVED' }).expect(200);
    expect(page.items).toEqual([expect.objectContaining({ orderId })]);
  });

  it.each([
    ['/orders/42', 400, 'id'],
    ['/orders?status=DONE', 400, 'status'],
    ['/orders?limit=0', 400, 'limit'],
    ['/orders?limit=many', 400, 'limit'],
    ['/orders?cursor=x', 400, 'cursor'],
    ['/orders?sort=asc', 400, 'sort'],
    [`/orders/${v7()}`, 404, undefined],
  ])('answers GET %s with status %i', async (path, status, field) => {
    const response = await http().get(path);
    expect(response.status).toBe(status);
    expect(response.type).toBe('application/problem+json');
    if (field) expect(response.body.errors).toEqual([expect.objectContaining({ field })]);
  });
});

describe('GET /catalogue', () => {
  it('lists the articles that can be ordered', async () => {
    const { body: catalogue } = await http().get('/catalogue').expect(200);
    expect(catalogue.items).toContainEqual({
      sku: 'SKU-CUP',
      name: 'Porcelain cup',
      priceCents: 1_250,
      currency: 'EUR',
    });
  });
});

describe('POST /orders with an invalid request', () => {
  const line = { sku: 'SKU-CUP', quantity: 1 };
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

  it.each([
    ['no customer', { customerId: undefined }, 400, 'customerId'],
    ['a NUL in the customer id', { customerId: 'c\u0000' }, 400, 'customerId'],
    ['a customer id that is not a string', { customerId: { $ne: 1 } }, 400, 'customerId'],
    ['no lines', { lines: undefined }, 400, 'lines'],
    ['lines that are not a list', { lines: 'SKU-CUP' }, 400, 'lines'],
    ['an empty list of lines', { lines: [] }, 400, 'lines'],
    ['51 lines', { lines: Array.from({ length: 51 }, (_, n) => ({ sku: `SKU-${n}`, quantity: 1 })) }, 400, 'lines'],
    ['an article twice', { lines: [line, line] }, 400, 'lines'],
    ['a line that is null', { lines: [null] }, 400, 'lines[0]'],
    ['a quantity of zero', { lines: [{ ...line, quantity: 0 }] }, 400, 'lines[0].quantity'],
    ['a negative quantity', { lines: [{ ...line, quantity: -1 }] }, 400, 'lines[0].quantity'],
    ['a fractional quantity', { lines: [{ ...line, quantity: 0.5 }] }, 400, 'lines[0].quantity'],
    ['a quantity sent as text', { lines: [{ ...line, quantity: '1' }] }, 400, 'lines[0].quantity'],
    ['a quantity over 100', { lines: [{ ...line, quantity: 101 }] }, 400, 'lines[0].quantity'],
    ['an unknown article', { lines: [line, { sku: 'SKU-NOWHERE', quantity: 1 }] }, 422, 'lines[1].sku'],
    ['a price set by the client', { lines: [{ ...line, unitPriceCents: 1 }] }, 400, 'lines[0].unitPriceCents'],
    ['an unknown field', { totalCents: 1 }, 400, 'totalCents'],
    ['no payment token', { paymentToken: undefined }, 400, 'paymentToken'],
    ['a card number instead of a payment token', { paymentToken: '4111111111111111' }, 400, 'paymentToken'],
  ])('rejects an order with %s, names the field and writes nothing', async (_what, changes, status, field) => {
    const before = await count();
    const response = await place(changes);
    expect(response.status).toBe(status);
    expect(response.type).toBe('application/problem+json');
    expect(response.body).toMatchObject({ status, instance: '/orders' });
    expect(response.body.errors).toContainEqual(expect.objectContaining({ field }));
    expect(await count()).toEqual(before);
  });

  it.each([
    ['a body of 1 MB', 'application/json', JSON.stringify({ ...body, note: 'x'.repeat(1_000_000) }), 413],
    ['a body nested 2,500 deep', 'application/json', `{"lines":${nested(2_500)}}`, 400],
    ['a body that is not JSON', 'application/json', '{"customerId": ', 400],
    ['a body that is not an object', 'application/json', '"order"', 400],
    ['an unsupported content type', 'text/plain', JSON.stringify(body), 415],
    ['a form body', 'application/x-www-form-urlencoded', 'customerId=c-1', 415],
    ['an unsupported encoding', 'application/json; charset=utf-16', JSON.stringify(body), 415],
    ['an empty body', 'application/json', '', 400],
  ])('rejects a request with %s and writes nothing', async (_what, type, text, status) => {
    const before = await count();
    const response = await http().post('/orders').set('Content-Type', type).send(text);
    expect(response.status).toBe(status);
    expect(response.type).toBe('application/problem+json');
    expect(await count()).toEqual(before);
  });

  it('rejects a malformed Idempotency-Key', async () => {
    const { body: problem } = await place().set('Idempotency-Key', 'a b').expect(400);
    expect(problem.errors).toEqual([expect.objectContaining({ field: 'Idempotency-Key' })]);
  });
});

describe('the events of the order service', () => {
  const article = { sku: 'SKU-CUP', name: 'Porcelain cup', quantity: 2, unitPriceCents: 1_250 };

  it('publishes the whole order when it is placed and when it is approved', async () => {
    const { orderId } = (await place().expect(202)).body;
    await confirm(orderId);
    await hasHappened(orderId, orderPlaced.type, orderApproved.type);
    const whole = { orderId, customerId: 'c-1', lines: [article], totalCents: 2_500, currency: 'EUR' };
    expect(eventsOf(orderId).map(({ data }) => data)).toEqual([whole, whole]);
  });

  it('publishes the rejection of an order with its reason', async () => {
    const { orderId } = (await place().expect(202)).body;
    await reject(orderId, 'card-declined');
    await hasHappened(orderId, orderPlaced.type, orderRejected.type);
    expect(eventsOf(orderId)[1]).toMatchObject({ data: { orderId, customerId: 'c-1', reason: 'card-declined' } });
  });

  it('publishes the end of an order once, even when another command ends it again', async () => {
    const { orderId } = (await place().expect(202)).body;
    await confirm(orderId);
    await confirm(orderId);
    const last = (await place().expect(202)).body.orderId;
    await reject(last, 'cancelled');
    await hasHappened(last, orderPlaced.type, orderRejected.type);
    await hasHappened(orderId, orderPlaced.type, orderApproved.type);
  });

  it('publishes no event for a repeated request', async () => {
    const key = v7();
    const { orderId } = (await place().set('Idempotency-Key', key).expect(202)).body;
    await place().set('Idempotency-Key', key).expect(202);
    await confirm(orderId);
    await hasHappened(orderId, orderPlaced.type, orderApproved.type);
  });
});
