import {
  beginRevision,
  commitRevision,
  confirmOrder,
  dropCancellation,
  dropRevision,
  endRevision,
  finishCancellation,
  finishRevision,
  rejectOrder,
} from '@palinode/contracts';
import type { DomainEvent, Reply } from '@palinode/saga/contract';
import type { SignalSaga, StartSaga } from '@palinode/saga/internal/contract';
import request from 'supertest';
import { v7 } from 'uuid';
import { ServiceUnderTest } from '../../../libs/service/test/service-under-test';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { OrderEnvironment } from './order-environment';
import { orderService } from './order-service';
let order: ServiceUnderTest<OrderEnvironment>;

beforeAll(async () => {
  order = await ServiceUnderTest.start(orderService);
});
afterAll(() => order?.stop());

const cups = (quantity: number): object => ({ lines: [{ sku: 'SKU-CUP', quantity }], paymentToken: 'tok_ok' });
const http = (): ReturnType<typeof request> => request(order.app.getHttpServer());
const read = async (orderId: string): Promise<Record<string, unknown>> =>
  (await http().get(`/orders/${orderId}`).expect(200)).body;
const startsOf = (orderId: string): StartSaga[] =>
  order.orchestrator.starts.filter(({ subject }) => subject === orderId);
const eventsOf = (orderId: string): DomainEvent[] =>
  order.orchestrator.events.filter(({ subject }) => subject === orderId);
const hasHappened = (orderId: string, ...types: string[]): Promise<unknown> =>
  waitUntil(types.join(', '), () => String(eventsOf(orderId).map(({ type }) => type)) === String(types));

const historyOf = async (orderId: string): Promise<unknown[]> =>
  (
    await order.sql<{ event: string; reason: string | null }>(
      'SELECT event, reason FROM order_event WHERE order_id = $1 ORDER BY seq',
      [orderId],
    )
  ).map(({ event, reason }) => [event, reason]);

async function placed(quantity = 2): Promise<string> {
  return (
    await http()
      .post('/orders')
      .send({ customerId: 'c-1', ...cups(quantity) })
      .expect(202)
  ).body.orderId;
}

async function approved(): Promise<string> {
  const orderId = await placed();
  await order.orchestrator.send(confirmOrder, { orderId });
  return orderId;
}

describe('the cancellation of an order', () => {
  const cancel = (orderId: string): request.Test => http().post(`/orders/${orderId}/cancellation`);

  it('keeps the order CANCELLING until its saga ends, then makes it CANCELLED and publishes an event', async () => {
    const orderId = await approved();
    const { sagaId } = (await cancel(orderId).expect(202)).body;
    expect(sagaId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await read(orderId)).toMatchObject({ status: 'CANCELLING' });
    await waitUntil('the saga to start', () => startsOf(orderId).some(({ data }) => data.saga === 'cancel-order'));
    expect(startsOf(orderId).at(-1)?.data.input).toEqual({ orderId, lines: [{ sku: 'SKU-CUP', quantity: 2 }] });
    await order.orchestrator.send(finishCancellation, { orderId });
    expect(await read(orderId)).toMatchObject({ status: 'CANCELLED' });
    await hasHappened(orderId, 'order.placed.v1', 'order.approved.v1', 'order.cancelled.v1');
  });

  it('leaves the order APPROVED when its saga compensates, and gives the reason', async () => {
    const orderId = await approved();
    await cancel(orderId).expect(202);
    await order.orchestrator.send(
      dropCancellation,
      { orderId, reason: 'not-refundable' },
      { sagadirection: 'compensation' },
    );
    expect(await read(orderId)).toMatchObject({ status: 'APPROVED', notice: 'Not cancelled: not-refundable' });
  });

  it('starts once when several requests arrive at the same time', async () => {
    const orderId = await approved();
    const answers = await Promise.all([cancel(orderId), cancel(orderId), cancel(orderId)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409, 409]);
  });

  it.each([
    ['pending', () => placed(), 'wait until it is approved'],
    ['rejected', rejected, 'place a new order'],
  ])('answers 409 for a %s order, and names the remedy', async (_status, orderOf, remedy) => {
    const { body } = await cancel(await orderOf()).expect(409);
    expect(body).toMatchObject({
      type: 'urn:palinode:problem:order-not-ready',
      detail: expect.stringContaining(remedy),
    });
  });

  it('answers 404 for an unknown order, and 400 for a malformed id', async () => {
    await cancel(v7()).expect(404);
    await cancel('none').expect(400);
  });
});

async function rejected(): Promise<string> {
  const orderId = await placed();
  await order.orchestrator.send(rejectOrder, { orderId, reason: 'deadline' }, { sagadirection: 'compensation' });
  return orderId;
}

describe('the revision of an order', () => {
  const revise = (orderId: string, quantity: number): request.Test =>
    http().post(`/orders/${orderId}/revisions`).send(cups(quantity));
  const begin = (orderId: string, revisionId: string): Promise<Reply> =>
    order.orchestrator.send(beginRevision, { orderId, revisionId });
  const revisionsOf = async (orderId: string): Promise<unknown> =>
    (await http().get(`/orders/${orderId}/revisions`)).body;

  it('keeps the order REVISING until its saga ends, then changes it and publishes an event', async () => {
    const orderId = await approved();
    const { revisionId, differenceCents } = (await revise(orderId, 3).expect(202)).body;
    expect(differenceCents).toBe(1_250);
    expect(await begin(orderId, revisionId)).toMatchObject({
      outcome: 'success',
      data: { differenceCents: 1_250, added: [{ sku: 'SKU-CUP', quantity: 1 }], removed: [] },
    });
    expect(await read(orderId)).toMatchObject({ status: 'REVISING', totalCents: 2_500 });
    await order.orchestrator.send(commitRevision, { orderId, revisionId });
    expect(await read(orderId)).toMatchObject({ status: 'REVISING', totalCents: 2_500 });
    expect(await revisionsOf(orderId)).toMatchObject([{ revisionId, status: 'COMMITTED' }]);
    await order.orchestrator.send(finishRevision, { orderId, revisionId });
    expect(await read(orderId)).toMatchObject({ status: 'APPROVED', totalCents: 3_750, lines: [{ quantity: 3 }] });
    expect(await revisionsOf(orderId)).toMatchObject([{ revisionId, status: 'DONE' }]);
    await hasHappened(orderId, 'order.placed.v1', 'order.approved.v1', 'order.revised.v1');
    expect(eventsOf(orderId).at(-1)?.data).toMatchObject({ totalCents: 3_750, totalCentsBefore: 2_500, revision: 4 });
  });

  it('fails to begin while the order is pending, and begins when the order is approved', async () => {
    const orderId = await placed();
    const { revisionId } = (await revise(orderId, 1).expect(202)).body;
    expect(await begin(orderId, revisionId)).toMatchObject({ outcome: 'failure' });
    await order.orchestrator.send(confirmOrder, { orderId });
    expect(await begin(orderId, revisionId)).toMatchObject({
      outcome: 'success',
      data: { differenceCents: -1_250, removed: [{ sku: 'SKU-CUP', quantity: 1 }] },
    });
  });

  it('leaves the order as it was when its saga compensates, and allows another revision', async () => {
    const orderId = await approved();
    const { revisionId } = (await revise(orderId, 3).expect(202)).body;
    await begin(orderId, revisionId);
    const back = { sagadirection: 'compensation' } as const;
    await order.orchestrator.send(endRevision, { orderId, revisionId }, back);
    await order.orchestrator.send(dropRevision, { orderId, revisionId, reason: 'price-not-accepted' }, back);
    expect(await read(orderId)).toMatchObject({ status: 'APPROVED', notice: 'Not revised: price-not-accepted' });
    expect(await revisionsOf(orderId)).toMatchObject([{ status: 'DROPPED', droppedBecause: 'price-not-accepted' }]);
    expect(await historyOf(orderId)).toEqual([
      ['placed', null],
      ['approved', null],
      ['revising', null],
      ['kept', null],
      ['not-revised', 'Not revised: price-not-accepted'],
    ]);
    await revise(orderId, 4).expect(202);
  });

  it('accepts a revision once when its request is repeated with the same idempotency key, in every status', async () => {
    const orderId = await approved();
    const again = (): request.Test => revise(orderId, 3).set('Idempotency-Key', 'a-wish');
    const [first, second] = await Promise.all([again(), again()]);
    expect(first.body).toMatchObject({ orderId, differenceCents: 1_250 });
    expect(second.body).toEqual(first.body);
    await begin(orderId, first.body.revisionId);
    expect((await again().expect(202)).body).toEqual(first.body);
    await order.orchestrator.send(finishRevision, { orderId, revisionId: first.body.revisionId });
    expect((await again().expect(202)).body).toEqual(first.body);
    expect(await revisionsOf(orderId)).toMatchObject([{ status: 'DONE' }]);
    expect(await read(orderId)).not.toHaveProperty('notice');
  });

  it('rejects a revision whose idempotency key is malformed or belongs to another request', async () => {
    const orderId = await approved();
    await revise(orderId, 3).set('Idempotency-Key', 'a-wish').expect(202);
    const { body } = await revise(orderId, 4).set('Idempotency-Key', 'a-wish').expect(422);
    expect(body.type).toBe('urn:palinode:problem:idempotency-key-reused');
    await revise(orderId, 4).set('Idempotency-Key', 'k'.repeat(256)).expect(400);
  });

  it('refuses to begin a revision while another revision of the order is open', async () => {
    const orderId = await approved();
    const [first, second] = [(await revise(orderId, 3)).body, (await revise(orderId, 4)).body];
    expect(await begin(orderId, first.revisionId)).toMatchObject({ outcome: 'success' });
    expect(await begin(orderId, second.revisionId)).toMatchObject({
      outcome: 'refusal',
      data: { reason: 'not-revisable' },
    });
    await revise(orderId, 5).expect(409);
  });

  it('finishes a revision that began before it could be committed', async () => {
    const orderId = await approved();
    const { revisionId } = (await revise(orderId, 1).expect(202)).body;
    await begin(orderId, revisionId);
    expect(await order.orchestrator.send(finishRevision, { orderId, revisionId })).toMatchObject({
      outcome: 'success',
    });
    expect(await read(orderId)).toMatchObject({ status: 'APPROVED', totalCents: 1_250 });
  });

  it.each([
    ['committed', commitRevision],
    ['finished', finishRevision],
  ])('fails to make a revision %s when the order is not held for it', async (_what, command) => {
    const orderId = await approved();
    const { revisionId } = (await revise(orderId, 1).expect(202)).body;
    const reply = await order.orchestrator.send(command, { orderId, revisionId });
    expect(reply).toMatchObject({ outcome: 'failure', data: { detail: expect.stringContaining('is not held for') } });
  });

  describe('the consent to a higher price', () => {
    const answer = (orderId: string, body: object): request.Test =>
      http().post(`/orders/${orderId}/consent`).send(body);
    const signalsTo = (sagaId: string): SignalSaga[] =>
      order.orchestrator.starts.filter(({ type, sagaid }) => type.includes('signal') && sagaid === sagaId) as never;

    /** An order of two cups, held for a revision to three. */
    async function asking(): Promise<{ orderId: string; revisionId: string; sagaId: string }> {
      const orderId = await approved();
      const { revisionId, sagaId } = (await revise(orderId, 3).expect(202)).body;
      await begin(orderId, revisionId);
      return { orderId, revisionId, sagaId };
    }

    it('accepts the consent that names the revision and its price, and signals it to the saga', async () => {
      const { orderId, revisionId, sagaId } = await asking();
      expect(await revisionsOf(orderId)).toMatchObject([{ status: 'BEGUN', differenceCents: 1_250, consent: null }]);
      const consent = { accepted: true, revisionId, differenceCents: 1_250 };
      await answer(orderId, consent).expect(202, { orderId, revisionId, sagaId });
      expect(await revisionsOf(orderId)).toMatchObject([{ consent: true }]);
      await waitUntil('the signal', () => signalsTo(sagaId).length > 0);
      expect(signalsTo(sagaId)).toMatchObject([{ data: { signal: 'customer-consent', payload: consent } }]);
    });

    it('accepts the same answer again, and rejects a different one', async () => {
      const { orderId, revisionId, sagaId } = await asking();
      const asked = { revisionId, differenceCents: 1_250 };
      await answer(orderId, { accepted: false, ...asked }).expect(202);
      await answer(orderId, { accepted: false, ...asked }).expect(202);
      const { body } = await answer(orderId, { accepted: true, ...asked }).expect(409);
      expect(body).toMatchObject({
        type: 'urn:palinode:problem:already-answered',
        detail: expect.stringContaining('was declined before'),
        asked: { ...asked, totalCents: 3_750 },
      });
      await waitUntil('the signal', () => signalsTo(sagaId).length > 0);
      expect(signalsTo(sagaId)).toHaveLength(1);
    });

    it.each([
      ['another price', (revisionId: string) => ({ revisionId, differenceCents: 1_249 })],
      ['another revision', () => ({ revisionId: v7(), differenceCents: 1_250 })],
    ])('rejects an answer that names %s, and states the price that needs consent', async (_what, named) => {
      const { orderId, revisionId, sagaId } = await asking();
      const { body } = await answer(orderId, { accepted: true, ...named(revisionId) }).expect(409);
      expect(body).toMatchObject({
        type: 'urn:palinode:problem:not-asked',
        detail: expect.stringContaining(`${revisionId} asks for 1250 cents more now`),
        asked: { revisionId, differenceCents: 1_250, totalCents: 3_750 },
      });
      expect(await revisionsOf(orderId)).toMatchObject([{ consent: null }]);
      expect(signalsTo(sagaId)).toEqual([]);
    });

    it('rejects an answer before the revision has begun, when it is cheaper, and when it is committed', async () => {
      const nothing = { type: 'urn:palinode:problem:not-asked', asked: null };
      const early = await approved();
      const { revisionId } = (await revise(early, 3).expect(202)).body;
      const consent = { accepted: true, revisionId, differenceCents: 1_250 };
      expect((await answer(early, consent).expect(409)).body).toMatchObject(nothing);
      await begin(early, revisionId);
      await order.orchestrator.send(commitRevision, { orderId: early, revisionId });
      expect((await answer(early, consent).expect(409)).body).toMatchObject(nothing);
      const cheaper = await approved();
      const less = (await revise(cheaper, 1).expect(202)).body.revisionId;
      await begin(cheaper, less);
      const body = { accepted: true, revisionId: less, differenceCents: -1_250 };
      expect((await answer(cheaper, body).expect(409)).body).toMatchObject(nothing);
    });

    it('charges only the agreed price when another revision begins first', async () => {
      const orderId = await placed(10);
      const [down, up] = [(await revise(orderId, 1)).body, (await revise(orderId, 11)).body];
      expect(up.differenceCents).toBe(1_250);
      const consent = { accepted: true, revisionId: up.revisionId, differenceCents: 1_250 };
      await answer(orderId, consent).expect(409);
      await order.orchestrator.send(confirmOrder, { orderId });
      await begin(orderId, down.revisionId);
      await answer(orderId, consent).expect(409);
      for (const command of [commitRevision, finishRevision])
        await order.orchestrator.send(command, { orderId, revisionId: down.revisionId });
      expect(await begin(orderId, up.revisionId)).toMatchObject({ data: { differenceCents: 12_500 } });
      const { body } = await answer(orderId, consent).expect(409);
      expect(body.asked).toEqual({ revisionId: up.revisionId, differenceCents: 12_500, totalCents: 13_750 });
      expect(signalsTo(up.sagaId)).toEqual([]);
      await answer(orderId, { ...consent, differenceCents: 12_500 }).expect(202);
    });

    it.each([
      ['names nothing', { accepted: true }],
      ['says something else than yes or no', { accepted: 'yes', revisionId: v7(), differenceCents: 1 }],
    ])('rejects a malformed answer that %s', async (_what, body) => {
      await answer(await approved(), body).expect(400);
    });
  });

  it('answers 422 to a revision with an article that is not in the catalogue', async () => {
    const orderId = await approved();
    await http()
      .post(`/orders/${orderId}/revisions`)
      .send({ ...cups(1), lines: [{ sku: 'SKU-NOWHERE', quantity: 1 }] })
      .expect(422);
  });
});
