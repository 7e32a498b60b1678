import { v7 as uuidV7 } from 'uuid';
import { DefinitionRegistry } from '../definition';
import type { SagaEvent } from '../engine';
import { OrchestratorUnderTest } from '../../test/orchestrator-under-test';
import { RealServers } from '../../test/real-servers';
import { anOrder, authorizePayment, placeOrder, reserved, reserveStock } from '../../test/sample-saga';
import { orchestratorMigrations } from './migrations';
import { TABLES } from '../messaging';
import { sagaStatements } from './saga-statements';
import type { SagaUpdate, StoredSaga } from './saga-store';
import { applyEvents } from '../runner/apply-events';

const registry = new DefinitionRegistry([placeOrder]);
const statements = sagaStatements(TABLES);
const operator = { by: 'ada', reason: 'a test' };
let servers: RealServers;
let orchestrator: OrchestratorUnderTest;
let now: number;

beforeAll(async () => {
  servers = await RealServers.start();
  orchestrator = new OrchestratorUnderTest(await servers.database(orchestratorMigrations), [placeOrder]);
  ({ now } = await orchestrator.store.read([uuidV7()]));
});

afterAll(async () => {
  await orchestrator?.stop();
  await servers?.stop();
});

const startOf = (sagaId: string): SagaEvent => ({
  kind: 'started',
  sagaId,
  definition: 'place-order',
  version: 1,
  subject: `order of ${sagaId}`,
  input: anOrder(),
});

function update(sagaId: string, before: StoredSaga | undefined, ...events: SagaEvent[]): SagaUpdate {
  return applyEvents(
    registry,
    before,
    events.map((event) => ({ sagaId, event })),
    now,
  )!;
}

const begin = (sagaId: string): SagaUpdate => update(sagaId, undefined, startOf(sagaId));

async function read(sagaId: string): Promise<StoredSaga | undefined> {
  const { sagas } = await orchestrator.store.read([sagaId]);
  return sagas.get(sagaId);
}

async function outboxOf(sagaId: string): Promise<string[]> {
  const rows = await orchestrator.sql<{ id: string }>('SELECT id FROM outbox WHERE key = $1 ORDER BY id', [sagaId]);
  return rows.map(({ id }) => id);
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

describe('the saga store', () => {
  it('returns a saga as it was saved', async () => {
    const saga = begin(uuidV7());
    const { id } = saga.state;
    expect(await orchestrator.store.save([saga], [])).toEqual(new Set([id]));
    expect(await read(id)).toEqual({ state: plain(saga.state), revision: 1, armedAt: saga.armedAt });
    expect(await read(uuidV7())).toBeUndefined();
  });

  it('reads and writes the step statuses of the former release', async () => {
    const id = uuidV7();
    const begun = begin(id);
    const answered = (step: string, from: string) =>
      ({ commandId: begun.state.steps[step]!.exchange!.commandId, step, direction: 'action', from }) as const;
    const saga = update(
      id,
      undefined,
      startOf(id),
      { kind: 'replied', ...answered('stock', reserveStock.service), reply: reserved },
      { kind: 'refused', ...answered('payment', authorizePayment.service), objection: { reason: 'card-declined' } },
    );
    await orchestrator.store.save([saga], []);
    const [row] = await orchestrator.sql<{ state: string }>('SELECT state FROM saga WHERE id = $1', [id]);
    expect(JSON.parse(row!.state)).toMatchObject({ steps: { stock: { status: 'UNDOING' } } });
    expect((await read(id))?.state).toEqual(plain(saga.state));
    expect((await orchestrator.find(id)).state.steps['stock']?.status).toBe('COMPENSATING');
  });

  it('reads the time of the database in whole milliseconds', async () => {
    const { now: instant } = await orchestrator.store.read([]);
    expect(Number.isInteger(now)).toBe(true);
    expect(Math.abs(instant - now)).toBeLessThan(60_000);
  });

  it('returns the history as it was saved', async () => {
    const id = uuidV7();
    const saga = begin(id);
    const { commandId } = saga.state.steps['stock']!.exchange!;
    const answer = { commandId, step: 'stock', direction: 'action', from: reserveStock.service } as const;
    const events: SagaEvent[] = [
      startOf(id),
      { kind: 'replied', ...answer, reply: reserved },
      { kind: 'replied', ...answer, reply: reserved },
      { kind: 'pause', ...operator },
    ];
    const all = update(id, undefined, ...events);
    await orchestrator.store.save([all], []);
    const { history } = await orchestrator.find(id);
    expect(history).toEqual(plain(all.history));
    expect(history.map(({ ignored }) => ignored)).toEqual([undefined, undefined, 'not-awaited', undefined]);
  });

  it('saves 200 sagas in one statement', async () => {
    const begun = Array.from({ length: 200 }, () => begin(uuidV7()));
    const ids = begun.map(({ state }) => state.id);
    expect(await orchestrator.store.save(begun, [])).toEqual(new Set(ids));
    const { sagas } = await orchestrator.store.read(ids);
    const paused = ids.map((id) => update(id, sagas.get(id), { kind: 'pause', ...operator }));
    expect(await orchestrator.store.save(paused, [])).toEqual(new Set(ids));
    const rows = await orchestrator.sql(`SELECT 1 FROM saga WHERE id = ANY ($1) AND status = 'PAUSED'`, [ids]);
    expect(rows).toHaveLength(200);
  });

  it('saves nothing of a stale saga, and all of the other sagas of the batch', async () => {
    const [stale, fresh] = [begin(uuidV7()), begin(uuidV7())];
    await orchestrator.store.save([stale, fresh], []);
    const { id } = stale.state;
    const before = await read(id);
    await orchestrator.store.save([update(id, before, { kind: 'pause', ...operator })], []);
    const late = update(id, before, { kind: 'retry', ...operator });
    const other = update(fresh.state.id, await read(fresh.state.id), { kind: 'retry', ...operator });
    expect(await orchestrator.store.save([late, other], [])).toEqual(new Set([fresh.state.id]));
    expect((await orchestrator.find(id)).state.status).toBe('PAUSED');
    expect((await orchestrator.find(fresh.state.id)).history).toHaveLength(2);
  });

  it('begins a saga once when two transactions save it', async () => {
    const saga = begin(uuidV7());
    const saved = await Promise.all([orchestrator.store.save([saga], []), orchestrator.store.save([saga], [])]);
    expect(saved.flatMap((ids) => [...ids])).toEqual([saga.state.id]);
    expect((await orchestrator.find(saga.state.id)).history).toHaveLength(1);
  });

  it('does not deadlock when several transactions save the same sagas', async () => {
    const begun = Array.from({ length: 50 }, () => begin(uuidV7()));
    await orchestrator.store.save(begun, []);
    const ids = begun.map(({ state }) => state.id);
    const { sagas } = await orchestrator.store.read(ids);
    const updates = ids.map((id) => update(id, sagas.get(id), { kind: 'retry', ...operator }));
    const savers = [updates, updates.toReversed(), updates, updates.toReversed()].map((each) =>
      orchestrator.store.save(each, []),
    );
    const saved = (await Promise.all(savers)).flatMap((each) => [...each]);
    expect(saved.toSorted()).toEqual(ids.toSorted());
  });

  it('keeps commands until they are acknowledged', async () => {
    const saga = begin(uuidV7());
    await orchestrator.store.save([saga], []);
    const ids = saga.outbox.map(({ id }) => id).toSorted();
    expect(await outboxOf(saga.state.id)).toEqual(ids);
    await orchestrator.store.save([begin(uuidV7())], ids.slice(0, 1));
    expect(await outboxOf(saga.state.id)).toEqual(ids.slice(1));
    await orchestrator.store.save([], ids);
    expect(await outboxOf(saga.state.id)).toEqual([]);
  });

  it('accepts a command again while it is still in the outbox', async () => {
    const saga = begin(uuidV7());
    await orchestrator.store.save([saga], []);
    const again = update(saga.state.id, await read(saga.state.id), { kind: 'retry', ...operator });
    expect(again.outbox.map(({ id }) => id)).toEqual(saga.outbox.map(({ id }) => id));
    await orchestrator.store.save([again], []);
    expect(await outboxOf(saga.state.id)).toHaveLength(2);
  });

  it('replaces connections that the database ends', async () => {
    for (let cuts = 0; cuts < 5; cuts += 1) {
      await servers.cutConnections();
      const saga = begin(uuidV7());
      let saved: ReadonlySet<string> | undefined;
      while (!saved) saved = await orchestrator.store.save([saga], []).catch(() => undefined);
      expect((await orchestrator.find(saga.state.id)).history).toHaveLength(1);
    }
  });

  it('reads no timer that is not due', async () => {
    const rows = await orchestrator.sql<Record<string, string>>(
      `EXPLAIN ${statements.findDue} ORDER BY fire_at LIMIT 200`,
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    // Which of the two scans it is depends on when PostgreSQL last analysed the table.
    expect(plan).toMatch(/Index Scan (using|on) saga_timer_by_time/);
    expect(plan).toContain('Index Cond: (fire_at <= statement_timestamp())');
  });

  it.each([
    ['read sagas', statements.read, 'saga_pkey'],
    ['save sagas', statements.save, 'saga_pkey'],
    ['find sagas without their definition', statements.findMissed, 'saga_without_definition'],
    ['examine ended sagas', statements.examineEnded, 'saga_pkey'],
    ['delete ended sagas', statements.deleteEnded, 'saga_pkey'],
  ])('uses only indexes to %s', async (_what, statement, index) => {
    const begun = Array.from({ length: 500 }, () => begin(uuidV7()));
    await orchestrator.store.save(begun, []);
    await orchestrator.sql('ANALYZE saga, saga_history, saga_timer, outbox');
    const rows = await orchestrator.sql<Record<string, string>>(`EXPLAIN (GENERIC_PLAN) ${statement}`);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(new RegExp(`Index (Only )?Scan using ${index} on saga`));
    expect(plan).not.toMatch(/Seq Scan/);
  });
});
