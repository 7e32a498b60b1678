/* What a million deleted timers leave behind in the index, and how long the question for due ones must walk over it. */
import { median } from '../measure/quantile';
import type { Populated } from './populated';

export interface Graveyard {
  readonly deleted: number;
  /** While a transaction is open that began before the deletion: it may still want to see them, so no grave is cleared. */
  readonly watchedMs: number;
  /** The first question after that, which clears each grave it walks over. */
  readonly firstMs: number;
  readonly untilVacuumMs: number;
  readonly vacuumedMs: number;
}

/** Ends every wait, as when all sagas end, and asks for due timers until there is no trace of them. */
export async function bury(populated: Populated): Promise<Graveyard> {
  // Due in the last hour, so that they lie where the question looks.
  await populated.sql(`UPDATE saga_timer SET fire_at = clock_timestamp() - random() * interval '1 h'`);
  await populated.sql('VACUUM saga_timer');
  const onlooker = await populated.store.pool.connect();
  await onlooker.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await onlooker.query('SELECT 1 FROM saga_timer LIMIT 1');
  const rows = await populated.sql<{ count: string }>(
    'WITH gone AS (DELETE FROM saga_timer RETURNING 1) SELECT count(*) FROM gone',
  );
  await populated.sql(`INSERT INTO saga_timer SELECT id, clock_timestamp() + interval '30 d' FROM saga LIMIT 1`);
  const watchedMs = await asked(populated, 20);
  await onlooker.query('COMMIT');
  onlooker.release();
  const firstMs = await asked(populated, 1);
  const untilVacuumMs = await asked(populated, 50);
  await populated.sql('VACUUM saga_timer');
  return { deleted: Number(rows[0]?.count), watchedMs, firstMs, untilVacuumMs, vacuumedMs: await asked(populated, 50) };
}

async function asked(populated: Populated, times: number): Promise<number> {
  const tookMs: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const begunAt = performance.now();
    await populated.due.claim(100);
    tookMs.push(performance.now() - begunAt);
  }
  return median(tookMs);
}
