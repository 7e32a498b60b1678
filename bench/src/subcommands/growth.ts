/*
 * `npm run growth -- --open 1000,1000000`: what the orchestrator's statements cost with this many open sagas. Each runs
 * alternately in all databases, in the same minutes on the same PostgreSQL; the result is the ratio between them.
 */
import { writeFileSync } from 'node:fs';
import { listOf, wholeNumber } from '@palinode/test-support/command-line';
import { afterDeletion } from '../growth/dead-tuples';
import { adminQueries, hotPath, plansOf, ratioOf, timeInTurns, type Measure, type Measured } from '../growth/measures';
import { SagaDatabase } from '../growth/saga-database';
import { timerBurst } from '../growth/timer-burst';
import { LOGS_PLANS, planDocument } from '../measure/plans';
import { running, subcommand, table, using, type Run } from '../run';

const RATIO_AT_MOST = 2;

export const growth = subcommand('growth', 'Measures what the orchestrator costs with many open sagas.')
  .option('--open <numbers>', 'open sagas in each database', listOf(wholeNumber(1)), [1_000, 1_000_000])
  .option('--burst <number>', 'sagas whose timers are due at once', wholeNumber(1), 100_000)
  .option('--times <number>', 'how often each is timed; as often as it needs by default', wholeNumber(1))
  .option('--plans <file>', 'where to write how PostgreSQL ran every statement')
  .option('--no-limits', 'succeed however long it takes')
  .action(
    running(async ({ open, burst, times, plans, limits }, run) =>
      using(run.postgres(plans ? LOGS_PLANS : {}), ({ adminUrl }) =>
        withDatabases(open, adminUrl, run, async (databases, largest) => {
          const hot = await timeAll(hotPath, times, databases, run);
          const admin = await timeAll(adminQueries, times, databases, run);
          run.print(hotPathTable(hot), adminTable(admin));
          run.record({ hot, admin });
          if (plans) await writePlans(largest, adminUrl, plans);
          await strain(largest, burst, run);
          for (const each of databases) run.breaks(await each.problems());
          if (limits) run.breaks(slowdowns(hot));
        }),
      ),
    ),
  );

async function withDatabases(
  open: readonly number[],
  adminUrl: string,
  run: Run,
  work: (databases: readonly SagaDatabase[], largest: SagaDatabase) => Promise<void>,
): Promise<void> {
  const databases: SagaDatabase[] = [];
  try {
    for (const sagas of open) {
      databases.push(await SagaDatabase.with(sagas, adminUrl));
      run.progress(`filled with ${sagas} open sagas`);
    }
    await work(databases, databases.at(-1) as SagaDatabase);
  } finally {
    for (const each of databases) await each.close();
  }
}

async function timeAll(
  measures: readonly Measure[],
  times: number | undefined,
  databases: readonly SagaDatabase[],
  run: Run,
): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const measure of measures) {
    run.progress(measure.name);
    measured.push(await timeInTurns(measure, times ?? measure.times, databases));
  }
  return measured;
}

/** Measures only the largest database; the last of these may ruin it. */
async function strain(database: SagaDatabase, sagas: number, run: Run): Promise<void> {
  const updates = await database.hotUpdates();
  const burst = await timerBurst(database, sagas);
  const dead = await afterDeletion(database);
  run.print(
    `updates of sagas within their page: ${((100 * updates.hot) / updates.all).toFixed(1)} % of ${updates.all}`,
    `${burst.due} due at once: woken in ${burst.seconds.toFixed(1)} s, heap up by at most ${burst.heapMb.toFixed(0)} MB; one ` +
      `other saga advanced in ${ms(burst.othersMeanwhileMs)} ms meanwhile, ${ms(burst.othersBeforeMs)} ms before`,
    `after ${dead.deleted} timers were deleted, nothing due is found in ${dead.heldMs.toFixed(1)} ms while an older ` +
      `transaction is open, ${dead.firstMs.toFixed(1)} ms at first after it, ` +
      `${ms(dead.untilVacuumMs)} ms until a vacuum, ${ms(dead.vacuumedMs)} ms after it`,
  );
  run.record({ updates, burst, dead });
}

async function writePlans(database: SagaDatabase, adminUrl: string, file: string): Promise<void> {
  const sections: string[] = [];
  for (const measure of [...hotPath, ...adminQueries]) sections.push(await plansOf(measure, database, adminUrl));
  const title = `Plans beside ${database.sagas.count.toLocaleString('en')} open sagas`;
  writeFileSync(file, planDocument(title, 'npm run growth -- --plans FILE', sections));
}

/** The measures that take too much longer in the last database than in the first. */
export const slowdowns = (measured: readonly Measured[]): string[] =>
  measured
    .filter((each) => ratioOf(each) > RATIO_AT_MOST)
    .map(({ name }) => `${name}: more than ${RATIO_AT_MOST} times as long`);

const ms = (value = Number.NaN): string => value.toFixed(2);

/** Medians with the middle 80 % of the runs, and the ratio of the last to the first. */
const hotPathTable = (measured: readonly Measured[]): string =>
  table(measured, [
    ['', ({ name }) => name],
    ...columnsOf(measured, 'ms (10–90 %)', ({ p10, p50, p90 }) => `${ms(p50)} (${ms(p10)}–${ms(p90)})`),
    ['ratio', (each) => ratioOf(each).toFixed(2)],
  ]);

const adminTable = (measured: readonly Measured[]): string =>
  table(measured, [
    ['', ({ name }) => name],
    ...columnsOf(measured, 'p50, p99 ms', ({ p50, p99 }) => `${ms(p50)}, ${ms(p99)}`),
  ]);

/** A column for each database. */
function columnsOf(
  measured: readonly Measured[],
  head: string,
  cell: (sample: Measured['samples'][number]) => string,
): (readonly [string, (each: Measured) => string])[] {
  return (measured[0]?.samples ?? []).map(({ open }, index) => [
    `${open.toLocaleString('en')} open: ${head}`,
    ({ samples }) =>
      samples
        .slice(index, index + 1)
        .map(cell)
        .join(''),
  ]);
}
