/* The dead tuples of deleted timers in the index, and how long the query for due timers takes to skip them. */
import { median } from '../measure/quantile';
import type { SagaDatabase } from './saga-database';

/** Deletes all timers, as when all sagas end, and queries due timers until the dead tuples are gone. */
export async function afterDeletion(database: SagaDatabase) {
  // Due in the last hour, which the query reads.
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
    /** While an older transaction is open, which may still see the tuples, so that nothing is cleaned up. */
    heldMs,
    /** The first query after that, which marks each dead index entry. */
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
