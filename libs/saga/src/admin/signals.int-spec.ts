import type { Response } from 'supertest';
import { v7 as uuidV7 } from 'uuid';
import { AdminUnderTest } from '../../test/admin-under-test';
import { aStart } from '../../test/messages';
import { aTrip, bookHotel, bookTrip } from '../../test/sample-shapes';
import type { OperatorActionPage } from './operator-action.view';
import type { SagaDetail } from './saga.view';

let admin: AdminUnderTest;

beforeAll(async () => {
  admin = await AdminUnderTest.start([bookTrip, bookHotel]);
});

afterAll(() => admin?.stop());

/** A trip without legs waits for its consent immediately. */
async function started(legs: string[] = []): Promise<string> {
  const start = aStart('book-trip', aTrip({ legs }), { subject: 't-1' });
  await admin.begin(start);
  return start.sagaid;
}

const give = (id: string, body: string | object, signal = 'traveller-consent'): Promise<Response> =>
  admin.post(`sagas/${id}/signals/${signal}`, body);

const sagaOf = async (id: string): Promise<SagaDetail> => (await admin.get(`sagas/${id}`)).body as SagaDetail;

const consentOf = async (id: string): Promise<object | undefined> =>
  (await sagaOf(id)).steps.find(({ name }) => name === 'consent');

describe('POST /v1/sagas/:id/signals/:name', () => {
  it('gives the saga the signal that it waits for', async () => {
    const id = await started();
    expect(await consentOf(id)).toMatchObject({ waitsFor: 'signal', signal: 'traveller-consent' });
    const given = await give(id, { given: true });
    expect(given.status).toBe(202);
    expect(given.body).toEqual({ saga: id, signal: 'traveller-consent' });
    expect(await consentOf(id)).toMatchObject({ status: 'DONE', reply: { given: true } });
    const { history, steps } = await sagaOf(id);
    expect(history.at(-1)?.event).toEqual({ kind: 'signalled', signal: 'traveller-consent', payload: { given: true } });
    const hotel = steps.find(({ name }) => name === 'hotel');
    expect(hotel).toMatchObject({ status: 'INVOKED', child: expect.any(String) });
  });

  it('records who sent it and why, what it was, and how the saga stood before and after', async () => {
    const id = await started();
    const reason = encodeURIComponent('she called');
    const path = `sagas/${id}/signals/traveller-consent?reason=${reason}`;
    await admin.post(path, { given: true }, { 'x-operator': 'ada', 'x-request-id': 'r-1' });
    // It has the signal already, so the second one does nothing.
    await admin.post(path, { given: true }, { 'x-operator': 'bob' });
    const { body } = await admin.get(`operator-actions?saga=${id}&action=signal`);
    expect((body as OperatorActionPage).items).toEqual([
      expect.objectContaining({
        operator: 'ada',
        requestId: 'r-1',
        action: 'signal',
        target: 'saga',
        saga: id,
        revision: 2,
        reason: 'she called',
        signal: 'traveller-consent',
        payload: { given: true },
        before: { status: 'RUNNING' },
        after: { status: 'RUNNING' },
      }),
    ]);
  });

  it('refuses a parameter that it does not know, and is not given', async () => {
    const id = await started();
    const refused = await admin.post(`sagas/${id}/signals/traveller-consent?dryRun=true`, { given: true });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ errors: [{ field: 'dryRun', problem: 'is not known' }] });
    expect(await sagaOf(id)).toMatchObject({ revision: 1 });
  });

  it('needs no reason, but a name and a reason that are valid', async () => {
    const id = await started();
    const path = `sagas/${id}/signals/traveller-consent`;
    expect((await admin.post(`${path}?reason=`, { given: true })).status).toBe(400);
    expect((await admin.post(path, { given: true }, { 'x-operator': 'two words' })).status).toBe(400);
    expect((await give(id, { given: true })).status).toBe(202);
    const { body } = await admin.get(`operator-actions?saga=${id}`);
    expect((body as OperatorActionPage).items).toMatchObject([{ operator: 'anonymous', action: 'signal' }]);
  });

  it('starts the compensation when the signal refuses', async () => {
    const id = await started();
    await give(id, { given: false });
    expect(await sagaOf(id)).toMatchObject({ status: 'COMPENSATED', cause: { reason: 'no-consent' } });
  });

  it('stores a signal that arrives before its wait', async () => {
    const id = await started(['a']);
    expect((await give(id, { given: true })).status).toBe(202);
    expect(await consentOf(id)).toMatchObject({ status: 'PENDING' });
    await admin.answer(id, { rail: { seat: '1A' } });
    expect(await consentOf(id)).toMatchObject({ status: 'DONE', reply: { given: true } });
  });

  it('accepts one of many concurrent signals', async () => {
    const id = await started(['a']);
    const answers = await Promise.all(Array.from({ length: 8 }, () => give(id, { given: true })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, ...Array<number>(7).fill(409)]);
    expect((await sagaOf(id)).revision).toBe(2);
  });

  it.each<[string, { given: boolean }, string]>([
    ['whose wait is over', { given: true }, 'not-awaited'],
    ['that has ended', { given: false }, 'saga-ended'],
  ])('rejects a signal for a saga %s', async (_what, first, reason) => {
    const id = await started();
    await give(id, first);
    const again = await give(id, { given: true });
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ type: `urn:palinode:problem:${reason}` });
  });

  it('names the signals that the saga waits for when the signal is unknown', async () => {
    const unknown = await give(await started(), {}, 'weather');
    expect(unknown.status).toBe(404);
    expect(unknown.body).toMatchObject({
      detail: 'book-trip v1 does not wait for the signal weather; it waits for traveller-consent.',
    });
  });

  it.each<[string, string | object]>([
    ['a field of the wrong type', { given: 'yes' }],
    ['a missing field', {}],
    ['a body that is a list', [{ given: true }]],
    ['an empty body', ''],
    ['a body that is not JSON', '{"given":'],
  ])('rejects %s and changes nothing', async (_what, body) => {
    const id = await started();
    expect((await give(id, body)).status).toBe(400);
    expect((await sagaOf(id)).revision).toBe(1);
  });

  it('answers 404 for an unknown saga and 400 for an id that is not a UUID', async () => {
    expect((await give(uuidV7(), { given: true })).status).toBe(404);
    expect((await give('first', { given: true })).status).toBe(400);
  });
});
