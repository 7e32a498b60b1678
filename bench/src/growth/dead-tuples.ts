/* The dead tuples that deleted timers leave in the index, and how long the query for due timers takes to pass them. */
import { median } from '../measure/quantile';
import type { SagaDatabase } from './saga-database';

/** Deletes all timers, as when all sagas end, and asks for due timers until there is no trace of them. */
export async function afterDeletion(database: SagaDatabase) {
  // Due in the last hour, so that they lie where the query looks.
  await database.sql(`UPDATE saga_timer SET fire_at = clock_timestamp() - random() * interval '1 h'`);
  await database.sql('VACUUM saga_timer');
  const snapshot = await database.store.pool.connect();
  await snapshot.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await snapshot.query('SELECT 1 FROM saga_timer LIMIT 1');
  const rows = await database.sql<{ count: string }>(
    'WITH gone AS (DELETE FROM saga_timer RETURNING 1) SELECT count(*) FROM gone',
  );
  await database.sql(`INSERT INTO saga_timer SELECT id, clock_timestamp() + interval '30 d' FROM saga LIMIT 1`);
  const heldMs = await claimMs(database, 20);
  await snapshot.query('COMMIT');
  snapshot.release();
  const firstMs = await claimMs(database, 1);
  const untilVacuumMs = await claimMs(database, 50);
  await database.sql('VACUUM saga_timer');
  return {
    deleted: Number(rows[0]?.count),
    /** While a transaction is open that began before the deletion: it may still see them, so nothing is cleaned up. */
    heldMs,
    /** The first query after that, which marks each dead index entry that it passes. */
    firstMs,
    untilVacuumMs,
    vacuumedMs: await claimMs(database, 50),
  };
}

async function claimMs(database: SagaDatabase, times: number): Promise<number> {
  const tookMs: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const begunAt = performance.now();
    await database.due.claim(100);
    tookMs.push(performance.now() - begunAt);
  }
  return median(tookMs);
}
