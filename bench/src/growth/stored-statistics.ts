/* Fills a database with the statistics of as many sagas as it has, over the whole time for which they are kept. */
import type { SagaStore, StatisticsStore } from '@palinode/saga/internal';

const DEFINITIONS = 10;
const STEPS = 8;
/** How many different durations a step has within an interval. */
const DURATIONS = 30;

/** Ten definitions of eight steps, in every interval; and the number of open sagas. */
export async function fillWithStatistics(store: SagaStore, statistics: StatisticsStore): Promise<void> {
  const names = Array.from({ length: DEFINITIONS }, (_, n) => `purchase-${n}`);
  await store.pool.query(
    `INSERT INTO saga_statistic (definition, seconds, at, counts)
     SELECT name, seconds, to_timestamp((floor(extract(epoch FROM now()) / seconds) - n) * seconds), $2::jsonb
     FROM unnest($1::text[]) AS name, (VALUES (60, 240), (600, 288), (3600, 744)) AS kept (seconds, intervals),
          generate_series(0, intervals - 1) AS n`,
    [names, JSON.stringify(countsOfAnInterval())],
  );
  await statistics.repairOpen();
  await store.pool.query('VACUUM (ANALYZE) saga_statistic, open_saga, saga_delta');
}

function countsOfAnInterval(): object {
  const took = Object.fromEntries(Array.from({ length: DURATIONS }, (_, n) => [40 + n, 7]));
  const counts = { succeeded: 210, failed: 3, unanswered: 1, took };
  const steps = Object.fromEntries(Array.from({ length: STEPS }, (_, n) => [`step-${n}`, { action: counts }]));
  const causes = { refusal: { 'step-1': 4 }, 'no-answer': { 'step-2': 1 } };
  return { started: 210, completed: 205, compensated: 5, paused: 1, took, steps, causes };
}
