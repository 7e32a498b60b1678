import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { AdminUnderTest } from '../../../test/admin-under-test';
import { aStart } from '../../../test/messages';
import { anOrder, authorized, placeOrder, reserved } from '../../../test/sample-saga';
import { SagaRunner } from '../../runner/saga-runner';
import type { DiagnosisView } from './diagnosis.view';

/** Its search attributes cannot be stored. */
const unfindable = {
  ...placeOrder,
  name: 'place-unfindable-order',
  attributes: () => ({ customer: 'a'.repeat(201) }),
};

let admin: AdminUnderTest;

beforeAll(async () => {
  admin = await AdminUnderTest.start([placeOrder, unfindable]);
});

afterAll(() => admin?.stop());

async function begin(): Promise<string> {
  const sagaid = uuidV7();
  await admin.begin(aStart('place-order', anOrder(), { sagaid }));
  return sagaid;
}

async function diagnosisOf(id: string): Promise<DiagnosisView> {
  const { status, body } = await admin.get(`sagas/${id}/diagnosis`);
  expect(status).toBe(200);
  return body as DiagnosisView;
}

describe('GET /v1/sagas/:id/diagnosis', () => {
  it('says for what a saga waits, what the broker says of that participant, and what comes next', async () => {
    const id = await begin();
    await admin.answer(id, { inventory: reserved });
    admin.transport.progress.set('payment', { members: 3, lag: 1 });
    expect(await diagnosisOf(id)).toEqual({
      sagaId: id,
      status: 'RUNNING',
      code: 'waiting-for-reply',
      summary: 'It waits for the reply of payment to payment.authorize',
      step: 'payment',
      since: expect.stringMatching(/Z$/),
      because: [
        expect.stringMatching(/^(No answer of payment was seen yet|payment last answered a command)/),
        'payment has 3 consumers',
        'payment has 1 command to process',
      ],
      next: { what: 'sends payment.authorize again', at: expect.stringMatching(/Z$/) },
      afterwards: { what: 'sends payment.authorize again', at: expect.stringMatching(/Z$/) },
      effects: [
        { step: 'order', command: 'order.reject', effect: 'done' },
        { step: 'stock', command: 'inventory.reserve-stock', effect: 'done' },
        { step: 'payment', command: 'payment.authorize', effect: 'under-way' },
      ],
      actions: expect.any(Array),
    });
  });

  it('says why the search attributes of a saga do not find it, also when it has ended', async () => {
    const id = uuidV7();
    await admin.begin(aStart('place-unfindable-order', anOrder(), { sagaid: id }));
    const fact = expect.stringMatching(/^Its search attributes cannot be stored, so they do not find it: .*customer/);
    expect((await diagnosisOf(id)).because.at(-1)).toEqual(fact);
    await admin.answer(id, { inventory: reserved, payment: authorized });
    await admin.answer(id, { payment: undefined });
    await admin.answer(id, { order: undefined });
    await admin.answer(id, { inventory: undefined });
    expect(await diagnosisOf(id)).toMatchObject({ status: 'COMPLETED', code: 'ended', because: [fact] });
  });

  it('names the actions that would take effect, ready to be sent', async () => {
    const id = await begin();
    const { actions } = await diagnosisOf(id);
    expect(actions.map(({ action, step }) => [action, step].filter(Boolean).join(' '))).toEqual([
      'pause',
      'retry',
      'cancel',
      'resolve stock',
      'resolve payment',
    ]);
    const { path, ifMatch, body } = actions[0]!;
    expect({ path, ifMatch, body }).toEqual({ path: `/v1/sagas/${id}/pause`, ifMatch: '"1"', body: {} });
    const sent = await admin.post(path.slice(4), { ...body, reason: 'to look' }, { 'if-match': ifMatch });
    expect(sent.status).toBe(200);
  });

  it('counts the sagas that stand for the same reason', async () => {
    const ids = [await begin(), await begin()];
    const event = { kind: 'pause', by: 'ada', reason: 'a maintenance of the bank' } as const;
    await admin.app.get(SagaRunner).advance(ids.map((sagaId) => ({ sagaId, event })));
    const [first, second] = await Promise.all(ids.map(diagnosisOf));
    expect(first?.alike).toEqual(second?.alike);
    const listed = await admin.get(`sagas?incident=${first?.alike?.incident}`);
    expect((listed.body as { items: unknown[] }).items).toHaveLength(first!.alike!.count);
  });

  it('says when no instance of a participant reads', async () => {
    const id = await begin();
    admin.transport.progress.set('inventory', { members: 0, lag: 2 });
    await waitUntil('the answer of the broker is asked for anew', async () => {
      const { code, summary } = await diagnosisOf(id);
      return code === 'no-consumer' && summary === 'No instance of inventory reads its commands';
    });
    admin.transport.progress.clear();
  });

  it('says that the broker does not answer', async () => {
    admin.transport.disconnect();
    const sagaid = uuidV7();
    const published = admin.begin(aStart('place-order', anOrder(), { sagaid }));
    try {
      await waitUntil('the diagnosis names it', async () => {
        const { body } = await admin.get(`sagas/${sagaid}/diagnosis`);
        return (body as DiagnosisView).code === 'broker-away';
      });
    } finally {
      admin.transport.reconnect();
      await published;
    }
  });

  it('names the operator who paused it', async () => {
    const id = await begin();
    const event = { kind: 'pause', by: 'ada', reason: 'to look' } as const;
    await admin.app.get(SagaRunner).advance([{ sagaId: id, event }]);
    const { code, summary, next } = await diagnosisOf(id);
    expect({ code, summary, next }).toEqual({
      code: 'paused-by-operator',
      summary: 'An operator paused it, ada: to look',
      next: undefined,
    });
  });

  it('says how a saga has ended, and why', async () => {
    const id = await begin();
    await admin.answer(id, { inventory: reserved, payment: authorized });
    const event = { kind: 'cancel', by: 'ada', reason: 'the customer asked' } as const;
    const other = await begin();
    await admin.app.get(SagaRunner).advance([{ sagaId: other, event }]);
    await admin.answer(other, { inventory: reserved, payment: authorized });
    await admin.answer(other, { inventory: undefined, payment: undefined });
    await admin.answer(other, { order: undefined });
    expect(await diagnosisOf(other)).toMatchObject({
      status: 'COMPENSATED',
      code: 'ended',
      summary: 'It is COMPENSATED: the customer asked, ada',
      effects: [],
    });
  });

  it('answers 404 for an unknown id', async () => {
    expect((await admin.get(`sagas/${uuidV7()}/diagnosis`)).status).toBe(404);
  });
});
