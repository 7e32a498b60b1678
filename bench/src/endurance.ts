/*
 * `npm run endurance -- --minutes 30`: whether memory stays flat under load that does not end, how large the tables are then,
 * and what of it retention gives back. A run whose books do not add up, whose memory grows, or that leaves something in an
 * outbox fails.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine, numberFrom, wholeNumber } from '@palinode/test-support/command-line';
import { EmbeddedPostgres } from '@palinode/test-support/postgres/embedded-postgres';
import { waitUntil } from '@palinode/test-support/wait-until';
import { grownIn } from './endurance/flat';
import { inTime, LOAD, longLoad } from './endurance/long-load';
import { MemoryWatch } from './endurance/memory-watch';
import { enduranceReport, type Endured } from './endurance/report';
import { forgetAll, orphans, stored } from './endurance/stored';
import { machine } from './measure/machine';
import { LOGS_PLANS, plansDuring, typical } from './measure/plan-log';
import { planDocument, planText } from './measure/plan-text';
import { startSagas, type SagaContender } from './saga/contender';

const options = commandLine(
  'npm run endurance --',
  'Drives sagas for long, and looks at what memory and tables grow by.',
)
  .option('--minutes <number>', 'how long', numberFrom(0.1), 30)
  .option('--sagas <number>', 'after how many to stop earlier', wholeNumber(1))
  .option('--plans <file>', 'where to write how PostgreSQL ran every statement')
  .option('--json <file>', 'where to write the figures')
  .parse()
  .opts();

const until = { minutes: options.minutes, sagas: options.sagas ?? Infinity };
const AT_REST_WITHIN_MS = 120_000;
/** In a shorter run heaps and caches are still filling. */
const TELLS_AFTER_MINUTES = 10;

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'palinode-endurance-'));
  const more = options.plans ? LOGS_PLANS : {};
  const postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres'), more });
  try {
    const endured = await endureIn(directory, postgres);
    console.log(`\n${enduranceReport(endured)}`);
    for (const problem of endured.broken) console.error(problem);
    process.exitCode = endured.broken.length > 0 ? 1 : 0;
    if (options.json) writeFileSync(options.json, JSON.stringify({ options, ...endured }, null, 2));
  } finally {
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function endureIn(directory: string, postgres: EmbeddedPostgres): Promise<Endured> {
  const { adminUrl } = postgres;
  const system = { adminUrl, directory, broker: 'embedded', transaction: 'per-batch', door: 'startSaga' } as const;
  const contender = await startSagas(system);
  try {
    return await endure(contender, postgres);
  } finally {
    await contender.stop();
  }
}

async function endure(contender: SagaContender, postgres: EmbeddedPostgres): Promise<Endured> {
  const { databases, brokerDirectory, pids } = contender;
  const loadBefore = loadavg()[0] ?? 0;
  const watch = new MemoryWatch({ ...pids, postgres: postgres.pid ?? 0 });
  const idleMb = watch.look();
  const minutes = await longLoad(contender, postgres.adminUrl, watch, until, ({ sagasPerSecond, memoryMb }) => {
    const mb = Object.entries(memoryMb).map(([process, each]) => `${process} ${each.toFixed(0)}`);
    console.error(`${new Date().toISOString()} ${sagasPerSecond.toFixed(0)} sagas/s, MB: ${mb.join(', ')}`);
  });
  const driven = minutes.reduce((sum, { sagas }) => sum + sagas, 0);
  const sagas = driven + (options.plans ? await writePlans(contender, postgres, driven, options.plans) : 0);
  const left = await restless(contender);
  const restMb = watch.look();
  const atEnd = await stored(databases);
  const broken = [...(await contender.check(sagas)), ...left, ...memoryProblems(watch, minutes.length)];
  const brokerLogMb = (await bytesIn(brokerDirectory)) / 2 ** 20;
  const forgotten = await forgetAll(databases);
  const afterRetention = await stored(databases);
  const found = { machine: machine(), loadBefore, sagas, idleMb, minutes, restMb };
  return { ...found, brokerLogMb, atEnd, forgotten, afterRetention, broken };
}

/** What is still on its way when all should be at rest. */
async function restless({ databases }: SagaContender): Promise<string[]> {
  const atRest = async (): Promise<boolean> => (await orphans(databases)).length === 0;
  await waitUntil('all is at rest', atRest, { deadlineMs: AT_REST_WITHIN_MS, everyMs: 1_000 }).catch(() => undefined);
  return orphans(databases);
}

/** PostgreSQL is not asked: it fills the buffers that it was given. */
function memoryProblems(watch: MemoryWatch, minutes: number): string[] {
  if (minutes < TELLS_AFTER_MINUTES) return [];
  const grown = grownIn(watch.samples).filter(({ process }) => process !== 'postgres');
  return grown.map(
    ({ process, middleMb, lastMb }) =>
      `${process}: ${middleMb.toFixed(0)} MB in the middle third of the run, ${lastMb.toFixed(0)} MB in the last`,
  );
}

/** How PostgreSQL runs each statement of the four services beside all that is stored by now. Resolves with the sagas it took. */
async function writePlans(
  { databases, load }: SagaContender,
  { adminUrl }: EmbeddedPostgres,
  ended: number,
  file: string,
): Promise<number> {
  let sagas = 0;
  const plans = await plansDuring(adminUrl, async () => {
    ({ sagas } = await inTime(load({ ...LOAD, seconds: 3 }), 3));
  });
  const sections = Object.entries(databases).map(([service, url]) => {
    const own = plans.filter(({ database }) => new URL(url).pathname === `/${database}`);
    return `## ${service}\n\n${typical(own).map(planText).join('\n\n')}`;
  });
  const title = `Plans beside ${ended.toLocaleString('en')} ended sagas`;
  writeFileSync(file, planDocument(title, 'npm run endurance -- --plans FILE', sections));
  return sagas;
}

async function bytesIn(directory: string): Promise<number> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((file) => file.isFile())
    .map((file) => stat(join(file.parentPath, file.name)).then(({ size }) => size));
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

void main();
