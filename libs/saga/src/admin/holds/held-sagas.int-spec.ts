import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Command } from '../../contract';
import { SagaRunner } from '../../runner/saga-runner';
import { AdminUnderTest } from '../../../test/admin-under-test';
import { aStart } from '../../../test/messages';
import { anOrder, authorized, placeOrder, reserved } from '../../../test/sample-saga';
import type { SagaDetail, SagaPage, StepView } from '../saga.view';
import type { HoldView } from './hold.view';

let admin: AdminUnderTest;
let hold: HoldView;

beforeAll(async () => {
  admin = await AdminUnderTest.start([placeOrder]);
});

afterAll(() => admin?.stop());

beforeEach(async () => {
  const placed = await admin.post('holds', { where: { service: 'payment' }, reason: 'the bank is away' });
  hold = placed.body as HoldView;
});

afterEach(async () => {
  await admin.delete(`holds/${hold.id}?reason=over`);
});

async function begun(): Promise<string> {
  const start = aStart('place-order', anOrder());
  await admin.begin(start);
  return start.sagaid;
}

const detailOf = async (id: string): Promise<SagaDetail> => (await admin.get(`sagas/${id}`)).body as SagaDetail;

const stepOf = ({ steps }: SagaDetail, name: string): StepView | undefined => steps.find((step) => step.name === name);

async function listed(query: string): Promise<string[]> {
  const { items } = (await admin.get(`sagas?${query}`)).body as SagaPage;
  return items.map(({ id }) => id);
}

const isReleased = ({ history }: SagaDetail): boolean =>
  (history.at(-1)?.event as { kind: string } | undefined)?.kind === 'released';

const paymentsSent = (sagaId: string): Command[] =>
  admin.transport.sent<Command>('payment.commands').filter(({ sagaid }) => sagaid === sagaId);

describe('a saga with a held step', () => {
  it('is shown with the time, the reason and the hold', async () => {
    const id = await begun();
    const saga = await detailOf(id);
    expect(saga).toMatchObject({ status: 'RUNNING', held: true });
    expect(stepOf(saga, 'payment')).toMatchObject({
      status: 'PENDING',
      waitsFor: 'hold',
      held: { since: expect.stringMatching(/Z$/), why: 'the bank is away (anonymous)', hold: hold.id },
    });
    expect(stepOf(saga, 'stock')).toMatchObject({ status: 'INVOKED', waitsFor: 'reply' });
    expect(stepOf(saga, 'stock')?.held).toBeUndefined();
    expect(saga.mermaid).toContain('payment<br/>payment.authorize<br/>PENDING<br/>held');
  });

  it('has the held steps, the probe and the release in its history', async () => {
    const id = await begun();
    const probed = { kind: 'probed', step: 'payment' } as const;
    await admin.app.get(SagaRunner).advance([{ sagaId: id, event: probed }]);
    expect(paymentsSent(id)).toHaveLength(1);
    await admin.delete(`holds/${hold.id}?reason=over`);
    await waitUntil('the release', async () => isReleased(await detailOf(id)));
    const saga = await detailOf(id);
    const held = ['payment.authorize.v1', 'payment.void.v1', 'payment.capture.v1'];
    expect(saga.history.map(({ event, sent }) => [event, sent.map(({ command, again }) => [command, again])])).toEqual([
      [expect.objectContaining({ kind: 'started', held }), [['inventory.reserve-stock', false]]],
      [{ ...probed, held }, [['payment.authorize', false]]],
      [{ kind: 'released' }, [['payment.authorize', true]]],
    ]);
    expect(saga.held).toBe(false);
    expect(stepOf(saga, 'payment')).toMatchObject({ status: 'INVOKED', waitsFor: 'reply' });
  });

  it('stays held while it is paused, and is shown as held after the hold has ended', async () => {
    const id = await begun();
    await admin.post(`sagas/${id}/pause`, { reason: 'to look' }, { 'if-match': '*' });
    await admin.delete(`holds/${hold.id}?reason=over`);
    const saga = await detailOf(id);
    expect(saga).toMatchObject({ status: 'PAUSED', held: true });
    expect(stepOf(saga, 'payment')?.held).toEqual({
      since: expect.stringMatching(/Z$/),
      why: expect.stringContaining('hold has ended'),
    });
    await admin.post(`sagas/${id}/resume`, { reason: 'looked' }, { 'if-match': '*' });
    expect(paymentsSent(id)).toHaveLength(1);
  });

  it('is sent at once when an operator retries it, and names retry when an operator resumes it', async () => {
    const id = await begun();
    const refused = await admin.post(`sagas/${id}/resume`, { reason: 'go on' }, { 'if-match': '*' });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ detail: expect.stringContaining('it is held') });
    const retried = await admin.post(`sagas/${id}/retry`, { reason: 'all the same' }, { 'if-match': '*' });
    expect(retried.body).toMatchObject({ held: false });
    expect(paymentsSent(id)).toHaveLength(1);
  });
});

describe('GET /v1/sagas?held', () => {
  it('is found by a filter for sagas that wait for a hold to end', async () => {
    const free = await begun();
    await admin.post(`sagas/${free}/retry`, { reason: 'all the same' }, { 'if-match': '*' });
    const [first, second] = [await begun(), await begun()];
    const held = await listed('held=true&limit=3');
    expect(held.slice(0, 2)).toEqual([second, first]);
    expect(held).not.toContain(free);
    expect((await listed('held=false'))[0]).toBe(free);
    expect(await listed('held=true&definition=place-order&limit=1')).toEqual([second]);
    expect(await listed('held=true&status=PAUSED&subject=nobody')).toEqual([]);
  });

  it('is no longer found by that filter when it has continued', async () => {
    const id = await begun();
    await admin.delete(`holds/${hold.id}?reason=over`);
    await waitUntil('the command that was held', () => paymentsSent(id).length === 1);
    await admin.answer(id, { inventory: reserved, payment: authorized });
    await waitUntil('the list without it', async () => !(await listed('held=true')).includes(id));
  });

  it('is filtered only by true and false', async () => {
    const refused = await admin.get('sagas?held=maybe');
    expect(refused.status).toBe(400);
    expect((refused.body as { errors: object[] }).errors).toMatchObject([{ field: 'held' }]);
  });
});
