/* Many timers due at once: how long the orchestrator takes to fire them, and how it affects other sagas. */
import { median } from '../measure/quantile';
import type { SagaDatabase } from './saga-database';

/** Makes this many sagas due at once while they wait for their first reply. */
export async function timerBurst(database: SagaDatabase, sagas: number) {
  const due = await makeDue(database, sagas);
  const othersBeforeMs = median(await advanceOthers(database, async () => false, 50));
  const heapBefore = process.memoryUsage().heapUsed;
  let heapPeak = heapBefore;
  const watch = setInterval(() => (heapPeak = Math.max(heapPeak, process.memoryUsage().heapUsed)), 20);
  const begunAt = performance.now();
  database.timers.start();
  try {
    const others = await advanceOthers(database, async () => (await left(database)) === 0, Number.POSITIVE_INFINITY);
    return {
      due,
      seconds: (performance.now() - begunAt) / 1_000,
      /** The largest growth of the heap. */
      heapMb: (heapPeak - heapBefore) / 2 ** 20,
      /** The time to advance another saga, before and during the burst. */
      othersBeforeMs,
      othersMeanwhileMs: median(others),
    };
  } finally {
    clearInterval(watch);
    await database.timers.stop();
  }
}

/** Moves their wake-up into the past, also in the state that the engine reads. */
async function makeDue(database: SagaDatabase, sagas: number): Promise<number> {
  await database.sql(
    `UPDATE saga_timer SET fire_at = clock_timestamp() + interval '12 h' WHERE fire_at < clock_timestamp() + interval '1 h'`,
  );
  const rows = await database.sql<{ count: string }>(
    `WITH burst AS (
       SELECT saga_id FROM saga_timer, saga WHERE saga.id = saga_id AND saga.status = 'RUNNING' AND revision = 1 LIMIT $1
     ), due AS (
       UPDATE saga SET state = regexp_replace(state, '"wakeAt":[0-9]+', '"wakeAt":' || ${PAST_MS}, 'g'),
                       wake_at = to_timestamp(${PAST_MS} / 1000.0), armed_at = to_timestamp(${PAST_MS} / 1000.0)
       WHERE id IN (SELECT saga_id FROM burst) RETURNING id
     ), fired AS (
       UPDATE saga_timer SET fire_at = to_timestamp(${PAST_MS} / 1000.0) WHERE saga_id IN (SELECT id FROM due) RETURNING 1
     ) SELECT count(*) FROM fired`,
    [sagas],
  );
  await database.sql('ANALYZE saga_timer');
  return Number(rows[0]?.count);
}

const PAST_MS = Date.UTC(2026, 0, 1);

async function left(database: SagaDatabase): Promise<number> {
  const rows = await database.sql(`SELECT 1 FROM saga_timer WHERE fire_at = to_timestamp(${PAST_MS} / 1000.0) LIMIT 1`);
  return rows.length;
}

async function advanceOthers(
  database: SagaDatabase,
  enough: () => Promise<boolean>,
  atMost: number,
): Promise<number[]> {
  const tookMs: number[] = [];
  for (let n = 0; n < atMost && !(await enough()); n += 1) {
    const input = database.replyTo(database.fresh(1)[0] ?? 0);
    const begunAt = performance.now();
    await database.runner.advance([input]);
    tookMs.push(performance.now() - begunAt);
  }
  return tookMs;
}
