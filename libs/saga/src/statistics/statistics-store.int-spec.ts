import { waitUntil } from '@palinode/testing-support/wait-until';
import { DefinitionRegistry } from '../definition';
import { fold, hasEnded } from '../engine';
import { TABLES, tablesIn } from '../messaging';
import { orchestratorMigrations } from '../store/migrations';
import { searchColumnsOf } from '../store/search-columns';
import { aStart } from '../../test/messages';
import { OrchestratorUnderTest } from '../../test/orchestrator-under-test';
import { RealServers } from '../../test/real-servers';
import { countsByDefinition, openByVersion, openOf, recount } from '../../test/recount';
import { anOrder, placeOrder } from '../../test/sample-saga';
import { StatisticsStore } from './statistics-store';
import { StatisticsTask } from './statistics-task';

const MINUTE_S = 60;
let servers: RealServers;
let orchestrator: OrchestratorUnderTest;
let statistics: StatisticsStore;

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

beforeEach(async () => {
  orchestrator = new OrchestratorUnderTest(await servers.database(orchestratorMigrations), [placeOrder]);
  statistics = new StatisticsStore(orchestrator.store.pool, TABLES);
});

afterEach(() => orchestrator?.stop());

async function start(count: number): Promise<string[]> {
  const starts = Array.from({ length: count }, () => aStart('place-order', anOrder()));
  await orchestrator.start(...starts);
  return starts.map(({ sagaid }) => sagaid);
}

async function rollUpAll(store = statistics): Promise<void> {
  while (await store.rollUp());
}

async function started(seconds = MINUTE_S): Promise<number> {
  const all = await statistics.read(seconds, 0, 'place-order');
  return all.reduce((sum, { counts }) => sum + (counts.started ?? 0), 0);
}

/** Rolls up until so many sagas are counted: what another one has in hand, or held when it died, is free only after a while. */
async function untilRolledUp(count: number): Promise<void> {
  await waitUntil(`${count} sagas to be rolled up`, async () => {
    await rollUpAll();
    return (await started()) === count;
  });
}

const openNow = async (): Promise<number> => (await statistics.open()).reduce((sum, { open }) => sum + open, 0);

it('counts what sagas do in minutes, in tens of minutes and in hours', async () => {
  await start(3);
  const [paused] = await start(1);
  await orchestrator.operate(paused!, 'pause');
  await rollUpAll();
  for (const seconds of [60, 600, 3_600]) {
    const all = await statistics.read(seconds, 0);
    expect(countsByDefinition(all)['place-order']).toEqual({ started: 4, paused: 1 });
    for (const { at } of all) expect(at % (1_000 * seconds)).toBe(0);
  }
  expect(await statistics.open()).toMatchObject([{ definition: 'place-order', version: 1, open: 4 }]);
  expect(await orchestrator.sql('SELECT FROM saga_delta')).toHaveLength(0);
});

it('says in which minute the oldest saga that has not ended started', async () => {
  const [first] = await start(2);
  const { state } = await orchestrator.find(first!);
  await rollUpAll();
  const [{ oldest } = { oldest: 0 }] = await statistics.open();
  expect(oldest).toBe(Math.floor(state.startedAt / 60_000) * 60_000);
});

it('counts a saga once when several instances roll up at the same time', async () => {
  const other = new StatisticsStore(orchestrator.store.pool, TABLES);
  for (let round = 0; round < 5; round += 1) {
    await start(20);
    await Promise.all([rollUpAll(), rollUpAll(other), rollUpAll()]);
  }
  await untilRolledUp(100);
  expect(await openNow()).toBe(100);
});

it('adds nothing of an update that lost to another', async () => {
  const [sagaId = ''] = await start(1);
  const read = await orchestrator.store.read([sagaId]);
  const before = read.sagas.get(sagaId)!;
  const delta = { definition: 'place-order', minute: 0, open: [], counts: { paused: 1 } };
  const stale = {
    state: before.state,
    before: { ...before, revision: 0 },
    states: [],
    revision: 2,
    armedAt: undefined,
    history: [],
    outbox: [],
    held: { kept: [], gone: [] },
    search: searchColumnsOf(placeOrder, before.state),
    delta,
  };
  expect(await orchestrator.store.save([stale], [])).toEqual(new Set());
  await rollUpAll();
  expect(countsByDefinition(await statistics.read(MINUTE_S, 0))['place-order']).toEqual({ started: 1 });
});

it('keeps what was not rolled up when an instance dies meanwhile', async () => {
  await start(5);
  const dying = new OrchestratorUnderTest(orchestrator.store.pool.options.connectionString!, [placeOrder]);
  const tables = Object.assign(tablesIn({}), { open_saga: 'no_such_table' });
  const broken = new StatisticsStore(dying.store.pool, tables);
  await expect(broken.rollUp()).rejects.toThrow('no_such_table');
  await dying.stop();
  expect(await started()).toBe(0);
  await untilRolledUp(5);
  expect(await openNow()).toBe(5);
});

it('counts open sagas anew when an earlier release has started some, and not when the number is right', async () => {
  await start(3);
  // An instance of an earlier release adds nothing.
  await orchestrator.sql('DELETE FROM saga_delta');
  await start(2);
  expect(await statistics.repairOpen()).toBe(true);
  expect(await openNow()).toBe(5);
  expect(await started()).toBe(2);
  expect(await statistics.repairOpen()).toBe(false);
});

it('deletes the intervals that are no longer kept', async () => {
  await start(1);
  await rollUpAll();
  await orchestrator.sql(`
    INSERT INTO saga_statistic (definition, seconds, at, counts)
    SELECT 'old', seconds, now() - kept, '{}' FROM (VALUES
      (60, interval '5 hours'), (60, interval '3 hours'), (600, interval '3 days'), (600, interval '1 day'),
      (3600, interval '32 days'), (3600, interval '30 days')) AS old (seconds, kept)`);
  await statistics.deleteOld();
  const left = await orchestrator.sql<{ seconds: number }>(
    `SELECT seconds FROM saga_statistic WHERE definition = 'old' ORDER BY seconds`,
  );
  expect(left.map(({ seconds }) => seconds)).toEqual([60, 600, 3_600]);
  expect(await started()).toBe(1);
});

it('rolls up by itself, and corrects the number of open sagas at its start', async () => {
  await start(2);
  await orchestrator.sql('DELETE FROM saga_delta');
  const task = new StatisticsTask(statistics, { log: orchestrator.log, everyMs: 5 });
  task.start();
  await waitUntil('the open sagas are counted', async () => (await openNow()) === 2);
  await start(1);
  await waitUntil('the new one is counted', async () => (await openNow()) === 3);
  await task.stop();
});

it('says what the histories say', async () => {
  const registry = new DefinitionRegistry([placeOrder]);
  const ids = await start(6);
  for (const [index, kind] of (['pause', 'cancel', 'pause', 'retry'] as const).entries())
    await orchestrator.operate(ids[index]!, kind);
  await orchestrator.operate(ids[0]!, 'resume');
  await rollUpAll();
  const told = await Promise.all(
    ids.map(async (id) => ({ definition: placeOrder, history: (await orchestrator.find(id)).history })),
  );
  const deltas = recount(registry, told);
  expect(countsByDefinition(await statistics.read(MINUTE_S, 0))).toEqual(countsByDefinition(deltas));
  expect(openByVersion(await statistics.open())).toEqual(openOf(deltas));
  const live = told.filter(({ history }) => !hasEnded(fold(placeOrder, history)!));
  expect(await openNow()).toBe(live.length);
});
