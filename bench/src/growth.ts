/*
 * `npm run growth -- --open 1000,1000000`: what the orchestrator's own statements cost beside so many open sagas. The
 * databases take turns, run by run, in the same minutes on the same PostgreSQL; what counts is the ratio between them.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine, listOf, wholeNumber } from '@palinode/test-support/command-line';
import { EmbeddedPostgres } from '@palinode/test-support/postgres/embedded-postgres';
import { bury } from './growth/graveyard';
import { stampede } from './growth/herd';
import { adminQueries, hotPath, type Measure } from './growth/measures';
import { plansOf } from './growth/plans';
import { Populated } from './growth/populated';
import { adminTable, hotPathTable } from './growth/tables';
import { ratioOf, takeTurns, type Measured } from './growth/take-turns';
import { machine } from './measure/machine';
import { LOGS_PLANS } from './measure/plan-log';
import { planDocument } from './measure/plan-text';

const options = commandLine('npm run growth --', 'Measures what the orchestrator costs beside so many open sagas.')
  .option('--open <numbers>', 'open sagas in each database', listOf(wholeNumber(1)), [1_000, 1_000_000])
  .option('--herd <number>', 'sagas that are due in one instant', wholeNumber(1), 100_000)
  .option('--plans <file>', 'where to write how PostgreSQL ran every statement')
  .parse()
  .opts();

const AT_MOST = 2;

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'palinode-growth-'));
  const more = options.plans ? LOGS_PLANS : {};
  const postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres'), more });
  const databases: Populated[] = [];
  try {
    for (const open of options.open) {
      databases.push(await Populated.with(open, postgres.adminUrl));
      console.error(`filled with ${open} open sagas`);
    }
    const hot = await measureAll(hotPath, databases);
    const admin = await measureAll(adminQueries, databases);
    console.log(`${machine()}\n\n${hotPathTable(hot)}\n\n${adminTable(admin)}\n`);
    const largest = databases.at(-1);
    if (largest && options.plans) await writePlans(largest, postgres.adminUrl, options.plans);
    if (largest) await strain(largest);
    await judge(hot, databases);
  } finally {
    for (const each of databases) await each.close();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureAll(measures: readonly Measure[], databases: readonly Populated[]): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const measure of measures) {
    console.error(measure.name);
    measured.push(await takeTurns(measure, databases));
  }
  return measured;
}

/** What the largest database alone is put to, in an order in which the last may ruin it. */
async function strain(populated: Populated): Promise<void> {
  const { hot, all } = await populated.hotUpdates();
  console.log(`updates of sagas within their page: ${((100 * hot) / all).toFixed(1)} % of ${all}`);
  const herd = await stampede(populated, options.herd);
  console.log(
    `${herd.due} due at once: woken in ${herd.seconds.toFixed(1)} s, heap up by at most ${herd.heapMb.toFixed(0)} MB; ` +
      `one other saga advanced in ${herd.othersMeanwhileMs.toFixed(2)} ms meanwhile, ${herd.othersBeforeMs.toFixed(2)} ms before`,
  );
  const { deleted, watchedMs, firstMs, untilVacuumMs, vacuumedMs } = await bury(populated);
  console.log(
    `after ${deleted} timers were deleted, nothing due is found in ${watchedMs.toFixed(1)} ms while an older ` +
      `transaction is open, ${firstMs.toFixed(1)} ms at first after it, ` +
      `${untilVacuumMs.toFixed(2)} ms until a vacuum, ${vacuumedMs.toFixed(2)} ms after it`,
  );
}

async function writePlans(populated: Populated, adminUrl: string, file: string): Promise<void> {
  const plans: string[] = [];
  for (const measure of [...hotPath, ...adminQueries]) plans.push(await plansOf(measure, populated, adminUrl));
  const title = `Plans beside ${populated.sagas.count.toLocaleString('en')} open sagas`;
  writeFileSync(file, planDocument(title, 'npm run growth -- --plans FILE', plans));
}

async function judge(hot: readonly Measured[], databases: readonly Populated[]): Promise<void> {
  const slow = hot
    .filter((each) => ratioOf(each) > AT_MOST)
    .map(({ name }) => `${name}: more than ${AT_MOST} times as long`);
  const broken = await Promise.all(databases.map((each) => each.problems()));
  for (const problem of [...slow, ...broken.flat()]) console.error(problem);
  process.exitCode = slow.length + broken.flat().length > 0 ? 1 : 0;
}

void main();
