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

/** A trip without legs waits for its consent at once. */
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
  it('gives the saga what it waits for', async () => {
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

  it('is no action of an operator', async () => {
    const id = await started();
    await give(id, { given: true });
    const { body } = await admin.get(`operator-actions?saga=${id}`);
    expect((body as OperatorActionPage).items).toEqual([]);
  });

  it('turns the saga back when it says so', async () => {
    const id = await started();
    await give(id, { given: false });
    expect(await sagaOf(id)).toMatchObject({ status: 'COMPENSATED', cause: { reason: 'no-consent' } });
  });

  it('is kept when it comes before its wait', async () => {
    const id = await started(['a']);
    expect((await give(id, { given: true })).status).toBe(202);
    expect(await consentOf(id)).toMatchObject({ status: 'PENDING' });
    await admin.answer(id, { rail: { seat: '1A' } });
    expect(await consentOf(id)).toMatchObject({ status: 'DONE', reply: { given: true } });
  });

  it('is taken once, of many at the same time', async () => {
    const id = await started(['a']);
    const answers = await Promise.all(Array.from({ length: 8 }, () => give(id, { given: true })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, ...Array<number>(7).fill(409)]);
    expect((await sagaOf(id)).revision).toBe(2);
  });

  it.each<[string, { given: boolean }, string]>([
    ['whose wait is over', { given: true }, 'not-awaited'],
    ['that has ended', { given: false }, 'saga-ended'],
  ])('is refused by a saga %s', async (_what, first, reason) => {
    const id = await started();
    await give(id, first);
    const again = await give(id, { given: true });
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ type: `urn:palinode:problem:${reason}` });
  });

  it('names the signals that there are', async () => {
    const unknown = await give(await started(), {}, 'weather');
    expect(unknown.status).toBe(404);
    expect(unknown.body).toMatchObject({
      message: 'book-trip v1 waits for no signal weather; it waits for traveller-consent.',
    });
  });

  it.each<[string, string | object]>([
    ['a field that does not fit', { given: 'yes' }],
    ['a field missing', {}],
    ['a list', [{ given: true }]],
    ['no body', ''],
    ['no JSON', '{"given":'],
  ])('refuses %s and changes nothing', async (_what, body) => {
    const id = await started();
    expect((await give(id, body)).status).toBe(400);
    expect((await sagaOf(id)).revision).toBe(1);
  });

  it('answers 404 for a saga that is not there, 400 for what is no id', async () => {
    expect((await give(uuidV7(), { given: true })).status).toBe(404);
    expect((await give('first', { given: true })).status).toBe(400);
  });
});
