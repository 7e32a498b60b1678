/*
 * `npm run simulate -- --schedules 100000 --seed 7 --seconds 60`: runs schedules on all cores. A schedule that breaks a
 * promise is reduced to its shortest form and printed with its tape; `--tape '[…]'` runs a tape again.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { runTypescript } from '@palinode/test-support/repository';
import { commandLine, listOf, numberFrom, wholeNumber } from '@palinode/test-support/command-line';
import { sum, type Broken, type Findings } from './campaign';
import { coverageOf } from './coverage';
import { run } from './run';
import { shrink } from './shrink';
import { tapeOf } from './tape';

const options = commandLine(
  'npm run simulate --',
  'Runs schedules of a simulated system on all cores, until one breaks a promise.',
)
  .option('--schedules <number>', 'how many', wholeNumber(1), 20_000)
  .option('--seed <number>', 'the same seed makes the same schedules', wholeNumber(), 1)
  .option('--seconds <number>', 'when to stop before all schedules have run', numberFrom(1), 3_600)
  .option('--workers <number>', 'threads', wholeNumber(1), availableParallelism())
  .option('--tape <numbers>', 'run this tape again, [3,1,4], and print its journal', tapeFrom)
  .parse()
  .opts();

const AT_A_TIME = 250;
/** With fewer schedules, the rarest pairs occur only by chance. */
const ENOUGH_FOR_COVERAGE = 20_000;

async function main(): Promise<void> {
  if (options.tape !== undefined) return printProgress(options.tape);
  const { seed } = options;
  const startedAt = Date.now();
  const found = await runOnAllCores(seed, options.schedules);
  const seconds = (Date.now() - startedAt) / 1_000;
  console.log(
    `${found.schedules} schedules of seed ${seed}, ${found.events} events, in ${seconds.toFixed(0)} s: ${rate(found, seconds)}`,
  );
  const covered = reportCoverage(found);
  const [first] = found.broken.toSorted((a, b) => a.schedule - b.schedule);
  if (first) reportBroken(seed, first, found.broken.length);
  else console.log('No promise was broken.');
  process.exitCode = first || !covered ? 1 : 0;
}

async function runOnAllCores(seed: number, schedules: number): Promise<Findings> {
  const all: Findings[] = [];
  const startedAt = Date.now();
  let next = 0;
  let reportedAt = startedAt;
  const work = async (): Promise<void> => {
    // A thread does not accept the name of a .ts file, and does not inherit the loader.
    const files = [runTypescript, join(__dirname, 'worker.ts')];
    const worker = new Worker(files.map((file) => `require(${JSON.stringify(file)});`).join(''), { eval: true });
    try {
      const until = startedAt + 1_000 * options.seconds;
      while (next < schedules && Date.now() < until && !all.some(({ broken }) => broken.length > 0)) {
        const from = next;
        next = Math.min(schedules, from + AT_A_TIME);
        all.push(await assignRange(worker, { seed, from, to: next }));
        if (Date.now() - reportedAt < 5_000) continue;
        reportedAt = Date.now();
        const soFar = sum(all);
        console.log(`${soFar.schedules} of ${schedules}, ${rate(soFar, (reportedAt - startedAt) / 1_000)}`);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: options.workers }, work));
  return sum(all);
}

function assignRange(worker: Worker, range: { seed: number; from: number; to: number }): Promise<Findings> {
  return new Promise((resolve, reject) => {
    worker.removeAllListeners();
    worker.once('message', resolve);
    worker.once('error', reject);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage(range);
  });
}

function rate({ schedules }: Findings, seconds: number): string {
  return `${Math.round(schedules / Math.max(seconds, 0.001))} a second`;
}

/** Returns false when a required pair did not occur. */
function reportCoverage({ occurred, schedules }: Findings): boolean {
  const { missing, impossible, surprising, occurred: count } = coverageOf(occurred);
  console.log(`${count} pairs of state and event, fault and phase occurred; ${impossible.length} are impossible:`);
  for (const because of new Set(impossible.map((each) => each.because))) console.log(`  ${because}`);
  for (const pair of surprising) console.log(`  ${pair} occurred, and is not on the list (coverage.ts)`);
  for (const pair of missing) console.log(`  ${pair} did NOT occur`);
  return surprising.length === 0 && (missing.length === 0 || schedules < ENOUGH_FOR_COVERAGE);
}

function reportBroken(seed: number, { schedule, promise }: Broken, broken: number): void {
  console.log(`\n${broken} schedules broke a promise. Schedule ${schedule} of seed ${seed}: ${promise}`);
  const { tape } = run(tapeOf(seed, schedule));
  const fails = (numbers: readonly number[]): boolean => run(numbers).broken === promise;
  printProgress(shrink(tape, fails, (numbers) => run(numbers).faults));
}

function printProgress(tape: readonly number[]): void {
  const { broken, journal } = run(tape, true);
  console.log(`\nThe tape ${JSON.stringify(tape)}:\n${journal.lines.join('\n')}`);
  console.log(broken === undefined ? 'No promise was broken.' : `Broken: ${broken}.`);
}

function tapeFrom(text: string): readonly number[] {
  return listOf(wholeNumber())(text.trim().replace(/^\[(.*)\]$/, '$1'));
}

void main();
