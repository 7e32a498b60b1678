/* The shop in real processes, on the given broker. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerKind } from '@palinode/test-support/kafka/broker';
import { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { gatewayBooks, recordingGateway } from '../../apps/payment/test/gateway-books';
import { brokenBooksAtRest } from './books';
import { openApiProblems } from './open-api-problems';
import { anOrder, ShopClient, type OrderView, type ProblemView, type RevisionView } from './shop-client';

const WAIT = { prefer: 'wait=20' };
const SERVICES = ['payment', 'inventory', 'order', 'orchestrator'] as const;

export function describeShop(broker: BrokerKind): void {
  let directory: string;
  let stack: Stack;
  let shop: ShopClient;
  const accepted = new Set<string>();

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'palinode-e2e-'));
    stack = await Stack.start({
      directory,
      broker,
      ports: 'free',
      quiet: true,
      environment: recordingGateway(directory),
    });
    shop = ShopClient.of(stack);
  });

  afterAll(async () => {
    await stack?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function place(order: unknown, headers: Record<string, string> = WAIT): Promise<OrderView> {
    const { status, body } = await shop.place(order, headers);
    expect([200, 202]).toContain(status);
    accepted.add(body.orderId);
    return body;
  }

  async function revise(orderId: string, sku: string, quantity: number): Promise<RevisionView> {
    const wish = { lines: [{ sku, quantity }], paymentToken: 'tok_ok' };
    const { status, body } = await shop.ask<RevisionView>(orderId, 'revisions', wish);
    expect(status).toBe(202);
    return body;
  }

  /** Revises the order, and agrees to the requested price. */
  async function reviseAndAgree(orderId: string, sku: string, quantity: number): Promise<void> {
    const { revisionId, sagaId } = await revise(orderId, sku, quantity);
    const { differenceCents } = await shop.askingRevision(orderId, revisionId);
    expect((await shop.ask(orderId, 'consent', { accepted: true, revisionId, differenceCents })).status).toBe(202);
    expect(await shop.endedSaga(sagaId)).toMatchObject({ status: 'COMPLETED' });
  }

  it('completes an order', async () => {
    const before = await shop.available('SKU-CUP');
    const order = await place(anOrder());
    expect(order).toMatchObject({ status: 'APPROVED' });
    const saga = await shop.endedSaga(order.sagaId);
    expect(saga.status).toBe('COMPLETED');
    expect(saga.steps.filter(({ name }) => name !== 'order').map(({ status }) => status)).toEqual([
      'DONE',
      'DONE',
      'DONE',
      'DONE',
      'DONE',
    ]);
    expect(await shop.available('SKU-CUP')).toEqual({ available: before.available - 2, reserved: 0 });
  });

  it('releases the stock when the card is declined', async () => {
    const before = await shop.available('SKU-KETTLE');
    const order = await place(anOrder({ lines: [{ sku: 'SKU-KETTLE', quantity: 3 }], paymentToken: 'tok_declined' }));
    expect(order).toMatchObject({ status: 'REJECTED', rejection: { reason: 'card-declined' } });
    const saga = await shop.endedSaga(order.sagaId);
    expect(saga).toMatchObject({ status: 'COMPENSATED', cause: { kind: 'refusal', reason: 'card-declined' } });
    expect(await shop.available('SKU-KETTLE')).toEqual(before);
  });

  it('voids the authorization when an article is out of stock', async () => {
    const order = await place(anOrder({ lines: [{ sku: 'SKU-OUT-OF-STOCK', quantity: 1 }] }));
    expect(order).toMatchObject({ status: 'REJECTED', rejection: { reason: 'out-of-stock' } });
    expect((await shop.endedSaga(order.sagaId)).steps).toContainEqual(
      expect.objectContaining({ name: 'payment', status: 'COMPENSATED' }),
    );
  });

  it('refunds the payment and returns the stock of a cancelled order', async () => {
    const before = await shop.available('SKU-SCALE');
    const { orderId } = await place(anOrder({ lines: [{ sku: 'SKU-SCALE', quantity: 2 }] }));
    const { body } = await shop.ask<{ sagaId: string }>(orderId, 'cancellation');
    expect(await shop.endedSaga(body.sagaId)).toMatchObject({ status: 'COMPLETED' });
    expect(await shop.order(orderId)).toMatchObject({ status: 'CANCELLED' });
    expect(await shop.available('SKU-SCALE')).toEqual(before);
  });

  it('leaves an order approved when its payment cannot be refunded', async () => {
    const { orderId } = await place(anOrder({ paymentToken: 'tok_final' }));
    const { body } = await shop.ask<{ sagaId: string }>(orderId, 'cancellation');
    expect(await shop.endedSaga(body.sagaId)).toMatchObject({ status: 'COMPENSATED' });
    expect(await shop.order(orderId)).toMatchObject({ status: 'APPROVED', notice: 'Not cancelled: not-refundable' });
  });

  it('cancels an order that was paid in two parts, one of which the gateway does not refund, and owes that part', async () => {
    const { orderId } = await place(anOrder({ lines: [{ sku: 'SKU-CUP', quantity: 1 }], paymentToken: 'tok_final' }));
    await reviseAndAgree(orderId, 'SKU-CUP', 3);
    const { body } = await shop.ask<{ sagaId: string }>(orderId, 'cancellation');
    expect(await shop.endedSaga(body.sagaId)).toMatchObject({ status: 'COMPLETED' });
    expect(await shop.order(orderId)).toMatchObject({ status: 'CANCELLED' });
    expect(await shop.payments(orderId)).toMatchObject([
      { amountCents: 1_250, refundedCents: 0, owedCents: 1_250 },
      { amountCents: 2_500, refundedCents: 2_500, owedCents: 0 },
    ]);
  });

  it('refunds each part of an order once although the gateway fails between them', async () => {
    const { orderId } = await place(anOrder({ paymentToken: 'tok_flaky_refund' }));
    await reviseAndAgree(orderId, 'SKU-CUP', 5);
    const { body } = await shop.ask<{ sagaId: string }>(orderId, 'cancellation');
    const { history, status } = await shop.endedSaga(body.sagaId);
    const attempts = history.flatMap(({ sent }) => sent).filter(({ command }) => command === 'payment.refund');
    expect([status, attempts.map(({ attempt }) => attempt)]).toEqual(['COMPLETED', [1, 2, 3]]);
    expect(await shop.payments(orderId)).toMatchObject([{ owedCents: 0 }, { owedCents: 0 }]);
    expect(gatewayBooks(directory).refundsOf(orderId)).toBe(2);
  });

  it('raises the price of a revised order with the customer’s consent, and lowers it at once', async () => {
    const { orderId } = await place(anOrder({ lines: [{ sku: 'SKU-GRINDER', quantity: 1 }] }));
    const before = await shop.order(orderId);
    await reviseAndAgree(orderId, 'SKU-GRINDER', 3);
    expect(await shop.order(orderId)).toMatchObject({ status: 'APPROVED', totalCents: 3 * (before.totalCents ?? 0) });
    const { sagaId: cheaper } = await revise(orderId, 'SKU-GRINDER', 2);
    expect(await shop.endedSaga(cheaper)).toMatchObject({ status: 'COMPLETED' });
    expect(await shop.order(orderId)).toMatchObject({ status: 'APPROVED', totalCents: 2 * (before.totalCents ?? 0) });
  });

  it('retries a flaky gateway under a new command id for each attempt', async () => {
    const order = await place(anOrder({ paymentToken: 'tok_flaky_2' }));
    expect(order).toMatchObject({ status: 'APPROVED' });
    const { history } = await shop.saga(order.sagaId);
    const attempts = history.flatMap(({ sent }) => sent).filter(({ command }) => command === 'payment.authorize');
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(new Set(attempts.map(({ commandId }) => commandId)).size).toBe(3);
  });

  it('places one order for two requests with the same idempotency key', async () => {
    const headers = { ...WAIT, 'idempotency-key': 'the-same-key' };
    const [first, second] = await Promise.all([place(anOrder(), headers), place(anOrder(), headers)]);
    expect(second.orderId).toBe(first.orderId);
    expect((await shop.place(anOrder({ paymentToken: 'tok_declined' }), headers)).status).toBe(422);
  });

  it('finds a saga by its business key, and pages through all sagas', async () => {
    const { orderId, sagaId } = await place(anOrder());
    const found = await shop.admin<{ items: { id: string }[] }>(`/v1/sagas?subject=${orderId}`);
    expect(found.body.items.map(({ id }) => id)).toEqual([sagaId]);
    const first = await shop.admin<{ items: { id: string }[]; nextCursor: string }>('/v1/sagas?limit=2');
    const next = await shop.admin<{ items: { id: string }[] }>(`/v1/sagas?limit=2&cursor=${first.body.nextCursor}`);
    expect(new Set([...first.body.items, ...next.body.items].map(({ id }) => id)).size).toBe(4);
  });

  it('serves a valid OpenAPI description of each API', async () => {
    const problems = await Promise.all(Object.values(stack.services).map(({ url }) => openApiProblems(url)));
    expect(problems.flat()).toEqual([]);
  });

  it('resumes and cancels paused sagas for an operator, and records the operator', async () => {
    const lost = { 'x-saga-fault': 'payment.authorize=drop-reply;count=2;every=yes' };
    const [resumed, cancelled] = [await place(anOrder(), lost), await place(anOrder(), lost)];
    for (const { sagaId } of [resumed, cancelled]) {
      // It exists once the orchestrator has processed its start; after five seconds the command is resent, and its reply lost again.
      const paused = (): Promise<boolean> => shop.operate(sagaId, 'pause').then(({ status }) => status === 200);
      await waitUntil(`saga ${sagaId} to be paused`, paused);
    }
    expect((await shop.operate(resumed.sagaId, 'resume')).body.status).toBe('RUNNING');
    expect((await shop.endedSaga(resumed.sagaId)).status).toBe('COMPLETED');
    expect((await shop.operate(resumed.sagaId, 'cancel')).status).toBe(409);
    await shop.operate(cancelled.sagaId, 'cancel');
    const { status, cause } = await shop.endedSaga(cancelled.sagaId);
    expect([status, cause]).toEqual(['COMPENSATED', expect.objectContaining({ kind: 'cancelled' })]);
    const { body } = await shop.admin<{ items: unknown[] }>(`/v1/operator-actions?saga=${cancelled.sagaId}`);
    expect(body.items).toMatchObject([
      { operator: 'ada', action: 'cancel' },
      { operator: 'ada', action: 'pause' },
    ]);
  });

  it.each([
    ['a missing field', { lines: [{ sku: 'SKU-CUP', quantity: 1 }], paymentToken: 'tok_ok' }, {}, 400, 'customerId'],
    ['a negative quantity', anOrder({ lines: [{ sku: 'SKU-CUP', quantity: -1 }] }), {}, 400, 'lines[0].quantity'],
    ['an unknown SKU', anOrder({ lines: [{ sku: 'SKU-NOWHERE', quantity: 1 }] }), {}, 422, 'lines[0].sku'],
    ['an unknown field', { ...anOrder(), price: 1 }, {}, 400, 'price'],
    ['a body of 1 MB', { ...anOrder(), customerId: 'x'.repeat(1_000_000) }, {}, 413, ''],
    ['deeply nested JSON', `{"customerId":${'['.repeat(2_500)}${']'.repeat(2_500)}}`, {}, 400, 'body'],
    ['an unsupported content type', anOrder(), { 'content-type': 'text/plain' }, 415, ''],
  ])('rejects an order with %s and changes nothing', async (_what, order, headers, status, field) => {
    const before = await newestSaga();
    const answer = await shop.place(order, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    if (field) expect((answer.body as unknown as ProblemView).errors?.map((error) => error.field)).toContain(field);
    expect(await newestSaga()).toBe(before);
  });

  it.each([
    ['/v1/sagas/none', 'id', 400],
    ['/v1/sagas?limit=0', 'limit', 400],
    ['/v1/sagas?status=LOST', 'status', 400],
    ['/v1/sagas?cursor=forged', 'cursor', 400],
    ['/v1/sagas?sort=up', 'sort', 400],
  ])('rejects GET %s and names the invalid parameter', async (path, field, rejected) => {
    const { status, body } = await shop.admin<ProblemView>(path);
    expect(status).toBe(rejected);
    expect(body.errors?.map((error) => error.field)).toEqual([field]);
  });

  it('ends every order correctly while services are killed and the broker is restarted', async () => {
    const total = 300;
    let placed = 0;
    const client = async (): Promise<void> => {
      while (placed < total) {
        placed += 1;
        const n = placed;
        // The key makes it safe to repeat a request that failed with its service.
        const headers = { 'idempotency-key': `chaos-${n}` };
        const order = anOrder({
          lines: [{ sku: n % 10 === 0 ? 'SKU-OUT-OF-STOCK' : 'SKU-BEANS-1KG', quantity: 1 + (n % 3) }],
          paymentToken: n % 10 === 5 ? 'tok_declined' : 'tok_ok',
        });
        const answer = await waitUntil(`order ${n} to be accepted`, () => taken(order, headers), { everyMs: 100 });
        accepted.add(answer.orderId);
      }
    };
    const clients = Promise.all(Array.from({ length: 30 }, client));
    const trouble = async (share: number, cause: () => Promise<void>): Promise<void> => {
      await waitUntil(`${share * 100} % of the orders`, () => placed >= total * share);
      await cause();
    };
    for (const [index, service] of SERVICES.entries()) {
      await trouble((index + 1) * 0.15, () => stack.kill(service));
    }
    await trouble(0.75, () => stack.restartBroker());
    await clients;
    await stack.ready();
    const pending = (): Promise<{ body: { items: unknown[] } }> => shop.admin('/v1/sagas?status=RUNNING&limit=1');
    const undoing = (): Promise<{ body: { items: unknown[] } }> => shop.admin('/v1/sagas?status=COMPENSATING&limit=1');
    await waitUntil(
      'every saga to end',
      async () => (await pending()).body.items.length + (await undoing()).body.items.length === 0,
      { everyMs: 200 },
    );
    expect(await brokenBooksAtRest(stack, accepted)).toEqual([]);
    expect(accepted.size).toBeGreaterThanOrEqual(total);
  });

  async function newestSaga(): Promise<string | undefined> {
    const { body } = await shop.admin<{ items: { id: string }[] }>('/v1/sagas?limit=1');
    return body.items[0]?.id;
  }

  async function taken(order: unknown, headers: Record<string, string>): Promise<OrderView | false> {
    const answer = await shop.place(order, headers).catch(() => undefined);
    return answer?.status === 202 ? answer.body : false;
  }
}
