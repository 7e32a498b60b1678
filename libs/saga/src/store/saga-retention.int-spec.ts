import { v4 as uuidV4, v7 as uuidV7 } from 'uuid';
import { ACKNOWLEDGEMENTS, DEAD_LETTERS, type Command, type StartSaga } from '../contract';
import { defineSaga } from '../definition';
import { RecordingLog } from '../../test/recording-log';
import { aStart, incomingReply } from '../../test/messages';
import { OrchestratorUnderTest } from '../../test/orchestrator-under-test';
import { RealServers } from '../../test/real-servers';
import { anOrder, commitStock, Order } from '../../test/sample-saga';
import { childSagaId } from '../runner/command-message';
import { orchestratorMigrations } from './migrations';
import { SagaRetention } from './saga-retention';

/** It ends with its first reply. */
const commit = defineSaga({
  name: 'commit',
  version: 1,
  input: Order,
  attributes: ({ orderId }) => ({ order: orderId, tags: ['a=b', 'c~d'], card: { sensitive: orderId } }),
})
  .retriable('stock', { invoke: commitStock, payload: ({ input }) => ({ orderId: input.orderId }) })
  .build();

const DAY_MS = 86_400_000;
/** As if every day of the retention were over. */
const ALL = -1;

let servers: RealServers;
/** Keeps all sagas, and so starts sagas of any age. */
let before: OrchestratorUnderTest;
let orchestrator: OrchestratorUnderTest;
let log: RecordingLog;

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

beforeEach(async () => {
  log = new RecordingLog();
  const url = await servers.database(orchestratorMigrations);
  before = new OrchestratorUnderTest(url, [commit]);
  orchestrator = new OrchestratorUnderTest(url, [commit], { keptForDays: 30 });
});

afterEach(async () => {
  await before.stop();
  await orchestrator.stop();
});

const idAt = (daysAgo: number): string => uuidV7({ msecs: Date.now() - daysAgo * DAY_MS });
const orderOf = (sagaid: string): StartSaga => aStart('commit', anOrder(), { subject: 'o-1', sagaid });

async function begun(sagaId: string): Promise<string> {
  await before.start(orderOf(sagaId));
  return sagaId;
}

/** A saga that ended this many days ago. */
async function ended(sagaId: string, daysAgo: number): Promise<string> {
  await begun(sagaId);
  const [command] = before.commands('inventory', sagaId);
  await before.runner.handleBatch([incomingReply(command as Command, 'success')]);
  const text = `UPDATE saga SET ended_at = ended_at - $2 * interval '1 d' WHERE id = $1 AND ended_at IS NOT NULL`;
  const { rowCount } = await before.store.pool.query(text, [sagaId, daysAgo]);
  expect(rowCount).toBe(1);
  return sagaId;
}

async function forget(days = 30, atOnce = 500): Promise<void> {
  const retention = new SagaRetention(orchestrator.store, { days, log, atOnce });
  while (await retention.deleteSome());
}

async function left(): Promise<string[]> {
  const rows = await orchestrator.sql<{ id: string }>('SELECT id FROM saga ORDER BY id');
  return rows.map(({ id }) => id);
}

const rowsOf = (sagaId: string): Promise<unknown[]> =>
  orchestrator.sql(
    `SELECT saga_id FROM saga_history WHERE saga_id = $1 UNION ALL SELECT saga_id FROM saga_timer WHERE saga_id = $1
     UNION ALL SELECT saga_id FROM saga_attribute WHERE saga_id = $1`,
    [sagaId],
  );

it('deletes sagas that ended long enough ago, with their history, timer and search attributes', async () => {
  const old = await ended(idAt(40), 31);
  const young = await ended(idAt(40), 29);
  // Two entries of its history, the timer, and four values.
  expect(await rowsOf(old)).toHaveLength(7);
  await forget();
  expect(await left()).toEqual([young]);
  expect(await rowsOf(old)).toEqual([]);
  expect(await rowsOf(young)).not.toEqual([]);
  expect(log.lines).toEqual([expect.stringContaining('deleted 1 sagas that ended more than 30 days ago')]);
});

it('keeps open sagas, however old they are', async () => {
  const open = await begun(idAt(400));
  await forget(ALL);
  expect(await left()).toEqual([open]);
});

it('keeps a saga whose id is younger than its end or carries no time', async () => {
  const kept = [await ended(idAt(1), 31), await ended(`0${uuidV4().slice(1)}`, 31)];
  await forget();
  expect(await left()).toEqual(kept.toSorted());
});

it('examines all old sagas in batches, and skips those that it keeps', async () => {
  const ids = [60, 59, 58, 57, 56, 55, 54].map(idAt);
  const kept: string[] = [];
  for (const [index, id] of ids.entries()) {
    if (index % 3 === 1) kept.push(await begun(id));
    else await ended(id, 50);
  }
  await forget(30, 2);
  expect(await left()).toEqual(kept.toSorted());
});

it('deletes old sagas whatever text is stored in them', async () => {
  const text = String.raw`{"note":"\u0000 and \ud83d","parent":"none"}`;
  for (const state of [text, '{"parent":{"sagaId":"\\u0000"}}']) {
    const id = await ended(idAt(40), 31);
    await orchestrator.sql('UPDATE saga SET state = $2 WHERE id = $1', [id, state]);
  }
  await forget();
  expect(await left()).toEqual([]);
});

it('deletes every old saga without error in two concurrent runs', async () => {
  for (let day = 40; day < 50; day += 1) await ended(idAt(day), 31);
  await Promise.all([forget(30, 3), forget(30, 3)]);
  expect(await left()).toEqual([]);
});

it('dead-letters and acknowledges a start whose saga may have been deleted', async () => {
  const start = orderOf(await ended(idAt(40), 31));
  await forget();
  await orchestrator.start(start);
  expect(await left()).toEqual([]);
  const [letter] = orchestrator.transport.published.filter(({ topic }) => topic === DEAD_LETTERS);
  expect(letter?.headers).toMatchObject({ reason: expect.stringContaining('not-remembered') });
  const acknowledged = orchestrator.transport.published.filter(({ topic }) => topic === ACKNOWLEDGEMENTS);
  expect(acknowledged.map(({ value }) => String(value))).toEqual([expect.stringContaining(start.id)]);
});

it('processes messages for a saga that still exists, however old it is', async () => {
  const open = await begun(idAt(400));
  await orchestrator.start(orderOf(open));
  const [command] = before.commands('inventory', open);
  await orchestrator.runner.handleBatch([incomingReply(command as Command, 'success')]);
  expect((await orchestrator.find(open)).state.status).toBe('COMPLETED');
});

it('keeps a child saga as long as its parent', async () => {
  const parent = await begun(idAt(400));
  const child = await ended(idAt(60), 50);
  const link = JSON.stringify({ parent: { sagaId: parent } });
  await orchestrator.sql(`UPDATE saga SET state = (state::jsonb || $2::jsonb)::text WHERE id = $1`, [child, link]);
  await forget();
  expect(await left()).toEqual([parent, child]);
  await orchestrator.sql('DELETE FROM saga WHERE id = $1', [parent]);
  await forget();
  expect(await left()).toEqual([]);
});

it('starts a child saga of any age as long as its parent exists', async () => {
  const parent = await begun(idAt(400));
  const [command] = before.commands('inventory', parent);
  // As if the parent had sent the start that long ago.
  const commandId = idAt(60);
  const text = 'UPDATE saga SET state = replace(state, $2, $3) WHERE id = $1';
  await orchestrator.sql(text, [parent, command?.id, commandId]);
  const childOf = (sagaId: string): StartSaga => {
    const start = orderOf(childSagaId(commandId));
    return { ...start, data: { ...start.data, version: 1, parent: { sagaId, step: 'stock', commandId } } };
  };
  await orchestrator.start(childOf(idAt(401)));
  expect(await left()).toEqual([parent]);
  await orchestrator.start(childOf(parent));
  expect(await left()).toEqual([parent, childSagaId(commandId)]);
});
