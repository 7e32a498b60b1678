/* So many timers due in one instant: whether the real timers take them in their stride, and what others feel of it. */
import { median } from '../measure/quantile';
import type { Populated } from './populated';

export interface Herd {
  readonly due: number;
  readonly seconds: number;
  /** The most the heap grew by. */
  readonly heapMb: number;
  /** Advancing one other saga, in milliseconds, before and meanwhile. */
  readonly othersBeforeMs: number;
  readonly othersMeanwhileMs: number;
}

/** Wakes the first so many sagas that wait for their first answer, all at once. */
export async function stampede(populated: Populated, herd: number): Promise<Herd> {
  const due = await makeDue(populated, herd);
  const othersBeforeMs = median(await advanceOthers(populated, async () => false, 50));
  const heapBefore = process.memoryUsage().heapUsed;
  let heapPeak = heapBefore;
  const watch = setInterval(() => (heapPeak = Math.max(heapPeak, process.memoryUsage().heapUsed)), 20);
  const begunAt = performance.now();
  populated.timers.start();
  try {
    const others = await advanceOthers(populated, async () => (await left(populated)) === 0, Number.POSITIVE_INFINITY);
    const seconds = (performance.now() - begunAt) / 1_000;
    return {
      due,
      seconds,
      heapMb: (heapPeak - heapBefore) / 2 ** 20,
      othersBeforeMs,
      othersMeanwhileMs: median(others),
    };
  } finally {
    clearInterval(watch);
    await populated.timers.stop();
  }
}

/** Their wake-up is moved into the past, where the engine reads it too. */
async function makeDue(populated: Populated, herd: number): Promise<number> {
  await populated.sql(
    `UPDATE saga_timer SET fire_at = clock_timestamp() + interval '12 h' WHERE fire_at < clock_timestamp() + interval '1 h'`,
  );
  const rows = await populated.sql<{ count: string }>(
    `WITH herd AS (
       SELECT saga_id FROM saga_timer, saga WHERE saga.id = saga_id AND saga.status = 'RUNNING' AND revision = 1 LIMIT $1
     ), due AS (
       UPDATE saga SET state = regexp_replace(state, '"wakeAt":[0-9]+', '"wakeAt":' || ${PAST_MS}, 'g'),
                       wake_at = to_timestamp(${PAST_MS} / 1000.0), armed_at = to_timestamp(${PAST_MS} / 1000.0)
       WHERE id IN (SELECT saga_id FROM herd) RETURNING id
     ), fired AS (
       UPDATE saga_timer SET fire_at = to_timestamp(${PAST_MS} / 1000.0) WHERE saga_id IN (SELECT id FROM due) RETURNING 1
     ) SELECT count(*) FROM fired`,
    [herd],
  );
  await populated.sql('ANALYZE saga_timer');
  return Number(rows[0]?.count);
}

const PAST_MS = Date.UTC(2026, 0, 1);

async function left(populated: Populated): Promise<number> {
  const rows = await populated.sql(
    `SELECT 1 FROM saga_timer WHERE fire_at = to_timestamp(${PAST_MS} / 1000.0) LIMIT 1`,
  );
  return rows.length;
}

async function advanceOthers(populated: Populated, enough: () => Promise<boolean>, atMost: number): Promise<number[]> {
  const tookMs: number[] = [];
  for (let n = 0; n < atMost && !(await enough()); n += 1) {
    const turn = populated.answerTo(populated.fresh(1)[0] ?? 0);
    const begunAt = performance.now();
    await populated.runner.advance([turn]);
    tookMs.push(performance.now() - begunAt);
  }
  return tookMs;
}
