/* What a million deleted timers leave behind in the index, and how long the question for due ones must walk over it. */
import { median } from '../measure/quantile';
import type { Populated } from './populated';

export interface Graveyard {
  readonly deleted: number;
  /** The very first question after the deletion, which looks at each grave once. */
  readonly firstMs: number;
  readonly untilVacuumMs: number;
  readonly vacuumedMs: number;
}

/** Ends every wait, as when all sagas end, and asks for due timers before and after a vacuum. */
export async function bury(populated: Populated): Promise<Graveyard> {
  const rows = await populated.sql<{ count: string }>(
    'WITH gone AS (DELETE FROM saga_timer RETURNING 1) SELECT count(*) FROM gone',
  );
  // One saga goes on waiting, behind all the graves.
  await populated.sql(`INSERT INTO saga_timer SELECT id, clock_timestamp() + interval '30 d' FROM saga LIMIT 1`);
  const ask = async (): Promise<number> => {
    const begunAt = performance.now();
    await populated.due.claim(100);
    return performance.now() - begunAt;
  };
  const asked = async (times: number): Promise<number> => {
    const took: number[] = [];
    for (let n = 0; n < times; n += 1) took.push(await ask());
    return median(took);
  };
  await populated.sql(`UPDATE saga_timer SET fire_at = fire_at`);
  const firstMs = await ask();
  const untilVacuumMs = await asked(50);
  await populated.sql('VACUUM saga_timer');
  return { deleted: Number(rows[0]?.count), firstMs, untilVacuumMs, vacuumedMs: await asked(50) };
}
