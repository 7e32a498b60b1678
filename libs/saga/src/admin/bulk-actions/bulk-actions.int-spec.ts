import type { Response } from 'supertest';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { AdminUnderTest } from '../../../test/admin-under-test';
import { aCommand, aStart, incoming, passedOn } from '../../../test/messages';
import { anOrder, placeOrder, reserveStock } from '../../../test/sample-saga';
import { DEAD_LETTERS } from '../../contract';
import { deadLetter } from '../../messaging';
import { SagaStore } from '../../store';
import type { DeadLetterPage } from '../dead-letters/dead-letter.view';
import type { IncidentList } from '../incidents/incident.view';
import type { OperatorActionPage } from '../operator-action.view';
import type { SagaDetail, SagaPage } from '../saga.view';
import type { BulkActionPage, BulkActionView, BulkItemPage } from './bulk-action.view';

let admin: AdminUnderTest;
let offsets = 0;

beforeAll(async () => {
  admin = await AdminUnderTest.start([placeOrder], { holdAfter: 'never' });
});

afterAll(() => admin?.stop());

beforeEach(async () => {
  const { pool } = admin.app.get(SagaStore);
  await pool.query(
    'TRUNCATE saga, saga_history, saga_timer, outbox, saga_incident, dead_letter, bulk_action, bulk_action_item',
  );
});

const post = (body: object, path = 'bulk-actions'): Promise<Response> =>
  admin.post(path, { reason: 'INC-7', ...body }, { 'x-operator': 'ada' });

async function paused(reason = 'the bank is away'): Promise<string> {
  const start = aStart('place-order', anOrder(), { subject: 'o-1' });
  await admin.begin(start);
  await admin.post(`sagas/${start.sagaid}/pause`, { reason }, { 'if-match': '*' });
  return start.sagaid;
}

/** A dead letter that may be redriven. */
async function deadLetterOf(reason = 'unknown-type'): Promise<string> {
  const command = aCommand(reserveStock, anOrder());
  const message = { ...incoming('inventory.commands', command), offset: String((offsets += 1)) };
  admin.transport.place(message);
  await admin.transport.deliver(
    passedOn(deadLetter(message, { reason, detail: 'because' }, 'inventory', DEAD_LETTERS)),
  );
  return ((await admin.get('dead-letters?limit=1')).body as DeadLetterPage).items[0]!.id;
}

async function begun(body: object): Promise<BulkActionView> {
  const response = await post(body);
  expect({ status: response.status, body: response.body as unknown }).toMatchObject({ status: 202 });
  expect(response.headers['location']).toMatch(new RegExp(`/v1/bulk-actions/${(response.body as BulkActionView).id}$`));
  return response.body as BulkActionView;
}

const find = async (id: string): Promise<BulkActionView> =>
  (await admin.get(`bulk-actions/${id}`)).body as BulkActionView;

async function completed({ id }: BulkActionView): Promise<BulkActionView> {
  await waitUntil('it is completed', async () => (await find(id)).status === 'completed');
  return find(id);
}

const itemsOf = async ({ id }: BulkActionView, query = ''): Promise<BulkItemPage> =>
  (await admin.get(`bulk-actions/${id}/items?${query}`)).body as BulkItemPage;

const sagas = async (query: string): Promise<string[]> =>
  ((await admin.get(`sagas?${query}`)).body as SagaPage).items.map(({ id }) => id);

describe('POST /v1/bulk-actions', () => {
  it('resumes the sagas of an incident and no others, and reports each', async () => {
    const ids = [await paused(), await paused()];
    const other = await paused('another reason');
    const { items } = (await admin.get('incidents')).body as IncidentList;
    const incident = items.find(({ count }) => count === 2)!.id;
    const where = { incident };
    const bulkAction = await begun({ action: 'resume', where, expect: 2, ratePerSecond: 100 });
    expect(bulkAction).toMatchObject({
      action: 'resume',
      on: 'sagas',
      where,
      total: 2,
      operator: 'ada',
      reason: 'INC-7',
    });
    expect(await completed(bulkAction)).toMatchObject({
      status: 'completed',
      items: { pending: 0, done: 2, skipped: 0, failed: 0 },
      outcomes: { pending: 2, asMeant: 0, otherwise: 0 },
      endedAt: expect.stringMatching(/Z$/) as string,
    });
    expect(await sagas('status=PAUSED')).toEqual([other]);
    const report = { status: 'done', revision: 3, meant: 'COMPLETED', outcome: 'pending', now: 'RUNNING' };
    expect((await itemsOf(bulkAction)).items).toMatchObject(ids.map((id) => ({ id, ...report })));
    const { items: actions } = (await admin.get(`operator-actions?bulkAction=${bulkAction.id}`))
      .body as OperatorActionPage;
    expect(actions.map(({ action, saga, target }) => [target, action, saga])).toEqual([
      ['saga', 'resume', ids[1]],
      ['saga', 'resume', ids[0]],
      ['bulk-action', 'begin', undefined],
    ]);
  });

  it('resumes sagas for some tries only', async () => {
    const id = await paused();
    await completed(await begun({ action: 'resume', ids: [id], attempts: 3 }));
    const { history } = (await admin.get(`sagas/${id}`)).body as SagaDetail;
    expect(history.at(-1)?.event).toMatchObject({ kind: 'resume', attempts: 3, by: 'ada' });
  });

  it('acts on sagas that are named by their ids, capitals or not', async () => {
    const id = await paused();
    const bulkAction = await begun({ action: 'cancel', ids: [id.toUpperCase(), uuidV7()], ratePerSecond: 100 });
    expect(await completed(bulkAction)).toMatchObject({ total: 2, items: { done: 1, skipped: 1 } });
    expect((await itemsOf(bulkAction, 'status=skipped')).items).toMatchObject([{ reason: 'unknown-saga' }]);
    expect((await itemsOf(bulkAction, 'status=done')).items).toMatchObject([{ id, meant: 'COMPENSATED' }]);
  });

  it('redrives and discards dead letters, and skips those that were decided on before', async () => {
    const [first, second, third] = [await deadLetterOf(), await deadLetterOf(), await deadLetterOf('no-json')];
    const redriven = await completed(await begun({ action: 'redrive', where: { reason: 'unknown-type' }, expect: 2 }));
    expect(redriven).toMatchObject({ on: 'dead-letters', items: { done: 2 } });
    const { items } = (await admin.get('dead-letters?status=redriven')).body as DeadLetterPage;
    expect(items.map(({ id }) => id)).toEqual([second, first]);
    expect(items[0]).toMatchObject({ decision: { operator: 'ada', reason: 'INC-7' } });
    const discarded = await completed(await begun({ action: 'discard', ids: [first, third] }));
    expect((await itemsOf(discarded)).items).toMatchObject([
      { id: first, status: 'skipped', reason: 'already-redriven' },
      { id: third, status: 'done', outcome: 'as-meant', now: 'discarded' },
    ]);
    const { items: actions } = (await admin.get(`operator-actions?deadLetter=${third}`)).body as OperatorActionPage;
    expect(actions).toMatchObject([{ action: 'discard', bulkAction: discarded.id, reason: 'INC-7' }]);
  });

  it('tells in a dry run what would be done and sent, and does nothing', async () => {
    const ids = [await paused(), await paused()];
    const running = aStart('place-order', anOrder());
    await admin.begin(running);
    const { status, body } = await post({ action: 'resume', where: { definition: 'place-order' }, dryRun: true });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      matched: 3,
      tried: 3,
      effective: 2,
      skipped: [{ reason: 'not-paused', count: 1 }],
      commands: [
        { command: 'inventory.reserve-stock', direction: 'action', count: 2 },
        { command: 'payment.authorize', direction: 'action', count: 2 },
      ],
      items: [{ id: ids[0] }, { id: ids[1] }, { id: running.sagaid, skipped: 'not-paused', commands: [] }],
    });
    expect(await sagas('status=PAUSED')).toHaveLength(2);
    expect((await admin.get('bulk-actions')).body).toEqual({ items: [] });
  });

  it('creates nothing when another number matches than was expected, and says how many do', async () => {
    await paused();
    const refused = await post({ action: 'resume', where: { status: 'PAUSED' }, expect: 22 });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ type: 'urn:palinode:problem:not-expected', found: 1 });
    expect((await admin.get('bulk-actions')).body).toEqual({ items: [] });
  });

  it.each<[string, object, number, string]>([
    ['an empty where', { action: 'discard', where: {} }, 422, 'where'],
    ['a where whose only filter is null', { action: 'cancel', where: { status: null } }, 422, 'where'],
    ['a where of dead letters whose only filter is null', { action: 'discard', where: { topic: null } }, 422, 'where'],
    ['an empty where in a dry run', { action: 'discard', where: {}, dryRun: true }, 422, 'where'],
    ['neither where nor ids', { action: 'resume' }, 422, 'where'],
    ['both where and ids', { action: 'resume', where: { status: 'PAUSED' }, ids: [uuidV7()] }, 422, 'where'],
    ['a where that matches nothing', { action: 'resume', where: { subject: 'nobody' } }, 422, 'where'],
    ['a filter of dead letters for sagas', { action: 'resume', where: { topic: 'x' } }, 400, 'where.topic'],
    ['a filter of sagas for dead letters', { action: 'redrive', where: { status: 'PAUSED' } }, 400, 'where.status'],
    ['an unknown status', { action: 'resume', where: { status: 'LOST' } }, 400, 'where.status'],
    ['an unknown definition', { action: 'resume', where: { definition: 'lost' } }, 422, 'where.definition'],
    ['an unknown action', { action: 'dance', where: { status: 'PAUSED' } }, 400, 'action'],
    ['no action', { where: { status: 'PAUSED' } }, 400, 'action'],
    ['an id that is no UUID', { action: 'resume', ids: ['x'] }, 400, 'ids'],
    ['no ids', { action: 'resume', ids: [] }, 400, 'ids'],
    ['no reason', { action: 'resume', ids: [uuidV7()], reason: undefined }, 400, 'reason'],
    ['a rate of none', { action: 'resume', ids: [uuidV7()], ratePerSecond: 0 }, 400, 'ratePerSecond'],
    ['a canary of none', { action: 'resume', ids: [uuidV7()], canary: 0 }, 400, 'canary'],
    ['a skip without step', { action: 'skip', ids: [uuidV7()] }, 422, 'step'],
    ['a resolve without outcome', { action: 'resolve', step: 'stock', ids: [uuidV7()] }, 422, 'outcome'],
    ['a retry with attempts', { action: 'retry', attempts: 1, ids: [uuidV7()] }, 422, 'attempts'],
    ['a redrive with attempts', { action: 'redrive', attempts: 1, ids: [uuidV7()] }, 422, 'attempts'],
    ['a resume with a step', { action: 'resume', step: 'stock', ids: [uuidV7()] }, 422, 'step'],
    ['an override', { action: 'redrive', ids: [uuidV7()], override: 'trust them' }, 400, 'override'],
    ['an unknown field', { action: 'resume', ids: [uuidV7()], force: true }, 400, 'force'],
  ])('rejects %s', async (_what, body, status, field) => {
    const answer = await post(body);
    expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({ status });
    expect((answer.body as { errors: { field: string }[] }).errors.map((error) => error.field)).toContain(field);
    expect((await admin.get('bulk-actions')).body).toEqual({ items: [] });
  });
});

it('refuses a dry run that is asked for in the query, where it would be taken for none', async () => {
  const id = await paused();
  const refused = await post({ action: 'resume', ids: [id] }, 'bulk-actions?dryRun=true');
  expect(refused.status).toBe(400);
  expect(refused.body).toMatchObject({ errors: [{ field: 'dryRun', problem: 'is not known' }] });
  expect((await admin.get('bulk-actions')).body).toEqual({ items: [] });
});

describe('a bulk action that has begun', () => {
  it('is paused, resumed and stopped by operators', async () => {
    for (let n = 0; n < 3; n += 1) await paused();
    const { id } = await begun({ action: 'resume', where: { status: 'PAUSED' }, canary: 1, ratePerSecond: 100 });
    await waitUntil('it waits', async () => (await find(id)).status === 'waiting');
    expect(await find(id)).toMatchObject({
      items: { done: 1, pending: 2 },
      why: expect.stringContaining('waits') as string,
    });
    expect((await post({}, `bulk-actions/${id}/pause`)).body).toMatchObject({ status: 'paused', why: 'ada: INC-7' });
    const refused = await post({}, `bulk-actions/${id}/pause`);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ type: 'urn:palinode:problem:bulk-action-paused' });
    expect((await post({}, `bulk-actions/${id}/stop`)).body).toMatchObject({
      status: 'stopped',
      items: { done: 1, pending: 0, skipped: 2 },
    });
    expect((await post({}, `bulk-actions/${id}/resume`)).status).toBe(409);
  });

  it('goes on past its canary when an operator resumes it', async () => {
    for (let n = 0; n < 3; n += 1) await paused();
    const bulkAction = await begun({ action: 'resume', where: { status: 'PAUSED' }, canary: 1, ratePerSecond: 100 });
    await waitUntil('it waits', async () => (await find(bulkAction.id)).status === 'waiting');
    expect((await post({}, `bulk-actions/${bulkAction.id}/resume`)).status).toBe(200);
    expect(await completed(bulkAction)).toMatchObject({ items: { done: 3 }, canaryPassed: true });
  });

  it('is listed with the others, by status and in pages, and so are its items', async () => {
    const ids = [await paused(), await paused(), await paused()];
    const first = await completed(await begun({ action: 'resume', ids, ratePerSecond: 100 }));
    const second = await completed(await begun({ action: 'pause', ids: ids.slice(1), ratePerSecond: 100 }));
    const page = (await admin.get('bulk-actions?limit=1')).body as BulkActionPage;
    expect(page.items.map(({ id }) => id)).toEqual([second.id]);
    const next = (await admin.get(`bulk-actions?limit=1&cursor=${page.nextCursor}`)).body as BulkActionPage;
    expect(next.items.map(({ id }) => id)).toEqual([first.id]);
    expect((await admin.get('bulk-actions?status=stopped')).body).toEqual({ items: [] });
    const items = await itemsOf(first, 'limit=2');
    expect(items.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect((await itemsOf(first, `limit=2&cursor=${items.nextCursor}`)).items.map(({ id }) => id)).toEqual(
      ids.slice(2),
    );
    // Two of them are paused again by the second.
    expect((await itemsOf(first, 'outcome=otherwise')).items.map(({ id }) => id)).toEqual(ids.slice(1));
  });

  it.each([
    ['bulk-actions?status=lost', 400],
    [`bulk-actions/${uuidV7()}`, 404],
    [`bulk-actions/${uuidV7()}/items`, 404],
    ['bulk-actions/first', 400],
  ])('GET /v1/%s answers %i', async (path, status) => {
    expect((await admin.get(path)).status).toBe(status);
  });

  it.each(['pause', 'resume', 'stop'])('cannot be unknown to %s', async (action) => {
    expect((await post({}, `bulk-actions/${uuidV7()}/${action}`)).status).toBe(404);
  });
});
