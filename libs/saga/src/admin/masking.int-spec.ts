/* What the admin API and the log show of sagas whose contracts mark fields as sensitive. */
import { IsString } from 'class-validator';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { AdminUnderTest } from '../../test/admin-under-test';
import { aStart, incoming, incomingReply, passedOn } from '../../test/messages';
import { commandTopic, DEAD_LETTERS, defineCommand, Sensitive, type Command } from '../contract';
import { constant, defineSaga } from '../definition';
import { deadLetter } from '../messaging';
import type { DeadLetterDetail, DeadLetterPage } from './dead-letters/dead-letter.view';
import type { DiagnosisView } from './diagnosis/diagnosis.view';
import type { SagaDetail } from './saga.view';

class Guest {
  @IsString() room!: string;
  @Sensitive() @IsString() name!: string;
}
class Booked {
  @Sensitive({ as: 'masked-card' }) @IsString() card!: string;
}

const book = defineCommand('hotel.book', { payload: Guest, reply: Booked });
const stay = defineSaga({ name: 'stay', version: 1, input: Guest })
  .retriable('book', {
    invoke: book,
    payload: ({ input }) => input,
    timeout: '1d',
    retry: { backoff: constant('1d'), attentionAfter: 1 },
  })
  .build();
const guest = { room: '12', name: 'Ann Ångström' };
const SECRETS = /Ann|Ångström|4711/;

let admin: AdminUnderTest;
const [paused, done, unread, bulk] = [uuidV7(), uuidV7(), uuidV7(), uuidV7()];

const commandOf = (sagaId: string): Command =>
  admin.transport.sent<Command>(commandTopic('hotel')).find(({ sagaid }) => sagaid === sagaId) as Command;

async function deadLettered(value: unknown, detail: string): Promise<void> {
  const message = { ...incoming(commandTopic('hotel'), value), offset: String(Date.now()) };
  await admin.transport.deliver(passedOn(deadLetter(message, { reason: 'full', detail }, 'hotel', DEAD_LETTERS)));
}

beforeAll(async () => {
  admin = await AdminUnderTest.start([stay]);
  await admin.knows('leave');
  await admin.begin(
    ...[paused, done, bulk].map((sagaid) => aStart('stay', guest, { sagaid })),
    aStart('leave', guest, { sagaid: unread }),
  );
  const failure = { reason: 'full', detail: 'Error: no room 12 for Ann Ångström' };
  await admin.transport.deliver(incomingReply(commandOf(paused), 'failure', failure));
  await admin.answer(done, { hotel: { card: '4711' } });
  await deadLettered(commandOf(paused), 'no room for Ann Ångström');
  await deadLettered('Ann, not in JSON', 'it is no JSON');
});

afterAll(() => admin?.stop());

async function letters(): Promise<DeadLetterDetail[]> {
  const { items } = (await admin.get('dead-letters')).body as DeadLetterPage;
  const all = await Promise.all(items.map(({ id }) => admin.get(`dead-letters/${id}`)));
  return all.map(({ body }) => body as DeadLetterDetail);
}

describe('sensitive fields', () => {
  it('are masked in a saga, its history and its texts', async () => {
    const { body } = await admin.get(`sagas/${paused}`);
    const { input, steps, history } = body as SagaDetail;
    expect(input).toEqual({ room: '12', name: 'Xxx Xxxxxxxx' });
    expect(steps[0]?.objection).toEqual({ reason: 'full', detail: 'Error: no room 12 for Xxx Xxxxxxxx' });
    expect(history[0]?.event).toMatchObject({ kind: 'started', input: { name: 'Xxx Xxxxxxxx' } });
    const ended = (await admin.get(`sagas/${done}`)).body as SagaDetail;
    expect(ended.steps[0]?.reply).toEqual({ card: 'masked-card' });
  });

  it('are masked in a diagnosis', async () => {
    const { body } = await admin.get(`sagas/${paused}/diagnosis`);
    expect((body as DiagnosisView).summary).toBe(
      'hotel.book failed 1 times; its last failure was full: Error: no room 12 for Xxx Xxxxxxxx',
    );
  });

  it('are those of all data where this instance does not have the definition', async () => {
    const { body } = await admin.get(`sagas/${unread}`);
    expect((body as SagaDetail).input).toEqual({ room: '11', name: 'Xxx Xxxxxxxx' });
  });

  it.each([
    'sagas',
    'incidents',
    `sagas/${paused}`,
    `sagas/${done}`,
    `sagas/${paused}/recording`,
    'dead-letters',
    'dead-letters/groups',
  ])('are not in GET %s', async (path) => {
    const { status, text } = await admin.get(path);
    expect(status).toBe(200);
    expect(text).not.toMatch(SECRETS);
  });

  it('are not in the answer and the log of an operator who resolves a step', async () => {
    const path = `sagas/${paused}/resolve`;
    const asked = { step: 'book', outcome: 'success', reply: { card: '4711' }, reason: 'the hotel says so' };
    const { status, text } = await admin.post(path, asked, { 'if-match': '*' });
    expect([status, text]).toEqual([200, expect.not.stringMatching(SECRETS)]);
    const actions = await admin.get(`operator-actions?saga=${paused}`);
    expect(actions.text).toContain('masked-card');
    expect(actions.text).not.toMatch(SECRETS);
    const resolved = (await admin.get(`sagas/${paused}`)).body as SagaDetail;
    expect(resolved.steps[0]?.reply).toEqual({ card: 'masked-card' });
  });
});

describe('a bulk action that resolves a step', () => {
  const shown = async (): Promise<string> => {
    const { body } = await admin.get('bulk-actions');
    const [{ id }] = (body as { items: [{ id: string }] }).items;
    const paths = ['bulk-actions', `bulk-actions/${id}`, `bulk-actions/${id}/items`, 'operator-actions'];
    const answers = await Promise.all([...paths, 'operator-actions/export'].map((path) => admin.get(path)));
    return answers.map(({ status, text }) => `${status} ${text}`).join('\n');
  };
  const resolve = { action: 'resolve', outcome: 'success', reason: 'the hotel says so' };
  const stepOf = async (id: string) => ((await admin.get(`sagas/${id}`)).body as SagaDetail).steps[0];

  it('uses the reply as it is, and shows it masked wherever it is shown', async () => {
    const asked = { ...resolve, ids: [bulk], step: 'book', reply: { card: '4711' } };
    const tried = await admin.post('bulk-actions', { ...asked, dryRun: true });
    expect([tried.status, tried.text]).toEqual([200, expect.not.stringMatching(SECRETS)]);
    const begun = await admin.post('bulk-actions', asked);
    expect([begun.status, begun.text]).toEqual([202, expect.not.stringMatching(SECRETS)]);
    await waitUntil('it to be done', async () => (await stepOf(bulk))?.status === 'DONE');
    const { rows } = await admin.store.pool.query<{ state: string }>('SELECT state FROM saga WHERE id = $1', [bulk]);
    expect(rows[0]?.state).toContain('4711');
    expect(await shown()).not.toMatch(SECRETS);
    expect(await shown()).toContain('masked-card');
  });

  it('shows nothing of a reply to a step that no definition has', async () => {
    const asked = { ...resolve, ids: [unread], step: 'leave', reply: { card: '4711' } };
    expect((await admin.post('bulk-actions', asked)).status).toBe(202);
    expect(await shown()).not.toMatch(SECRETS);
    expect(await shown()).toContain('1111');
  });
});

describe('a dead letter', () => {
  it('is shown with its sensitive fields masked, and withheld when no contract describes it', async () => {
    await waitUntil('both are kept', async () => (await letters()).length === 2);
    const [unreadable, readable] = await letters();
    expect(readable).toMatchObject({ masked: 'fields', detail: 'no room for Xxx Xxxxxxxx' });
    const message = JSON.parse(readable?.value?.text ?? '') as Command;
    expect(message).toEqual({ ...commandOf(paused), data: { room: '12', name: 'Xxx Xxxxxxxx' } });
    expect(unreadable).toMatchObject({ masked: 'whole', headers: [] });
    expect(unreadable).not.toHaveProperty('value');
  });

  it('is shown whole to an operator who says why, which the operator log keeps', async () => {
    const [unreadable] = await letters();
    const path = `dead-letters/${unreadable?.id}/reveal`;
    expect((await admin.post(path, {})).status).toBe(400);
    const { status, body } = await admin.post(path, { reason: 'OPS-15' }, { 'x-operator': 'ada' });
    expect([status, (body as DeadLetterDetail).value]).toEqual([200, { text: 'Ann, not in JSON' }]);
    expect((await admin.get(`operator-actions?deadLetter=${unreadable?.id}`)).body).toMatchObject({
      items: [{ operator: 'ada', action: 'reveal', target: 'dead-letter', reason: 'OPS-15' }],
    });
    expect((await admin.post(`dead-letters/${uuidV7()}/reveal`, { reason: 'OPS-15' })).status).toBe(404);
  });
});
