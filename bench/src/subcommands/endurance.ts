/*
 * `npm run endurance -- --minutes 30`: whether memory stays flat under continuous load, how large the tables become,
 * and how much retention frees. A run fails when invariants are broken, memory grows, or an outbox is not empty at the
 * end.
 */
import { writeFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { numberFrom, wholeNumber } from '@palinode/test-support/command-line';
import type { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { grownIn, MemoryWatch, type MemoryMb } from '../measure/memory-watch';
import { LOGS_PLANS, planDocument, planSection, plansDuring } from '../measure/plans';
import { databaseOf, postgresCounters } from '../measure/postgres';
import { medians, quantile } from '../measure/quantile';
import { forgetAll, leftovers, stored, type StoredTable } from '../measure/stored';
import { pair, running, subcommand, table, using, type Run } from '../run';
import type { LoadResult } from '../targets/load';
import { startSagas, USUAL_SYSTEM, type SagaTarget } from '../targets/services';

const AT_REST_WITHIN_MS = 120_000;
/** In a shorter run heaps and caches still fill up. */
const MEANINGFUL_AFTER_MINUTES = 10;
const MINUTE_SECONDS = 60;
const LATE_SECONDS = 120;

export const endurance = subcommand(
  'endurance',
  'Drives sagas for a long time, and measures the growth of memory and tables.',
)
  .option('--minutes <number>', 'how long', numberFrom(0.05), 30)
  .option('--sagas <number>', 'the number of sagas after which to stop earlier', wholeNumber(1), Infinity)
  .option('--plans <file>', 'where to write how PostgreSQL ran every statement')
  .action(
    running(async (options, run) =>
      using(run.postgres(options.plans ? LOGS_PLANS : {}), (postgres) =>
        using(startSagas(postgres.adminUrl, run.directory, USUAL_SYSTEM), async (target) => {
          const { databases } = target;
          const watch = new MemoryWatch({ ...target.pids, postgres: postgres.pid ?? 0 });
          const idleMb = watch.look();
          const minutes = await longLoad(target, postgres, watch, options, run);
          let sagas = minutes.reduce((sum, each) => sum + each.sagas, 0);
          if (options.plans) sagas += await writePlans(target, postgres, sagas, options.plans);
          const left = await restless(target);
          const restMb = watch.look();
          const atEnd = await stored(databases);
          const problems = [...(await target.check(sagas)), ...left, ...memoryProblems(watch.samples, minutes.length)];
          const brokerLogMb = (await bytesIn(target.brokerDirectory)) / 2 ** 20;
          const forgotten = await forgetAll(databases);
          const afterRetention = await stored(databases);
          run.print(
            `${sagas.toLocaleString('en')} sagas in ${minutes.length} minutes`,
            minuteTable(idleMb, minutes, restMb),
            `The broker's log: ${brokerLogMb.toFixed(0)} MB. Forgotten: ${forgotten.join(', ')}; then a vacuum.`,
            storedTable(sagas, atEnd, afterRetention),
          );
          run.record({ sagas, idleMb, minutes, restMb, brokerLogMb, atEnd, forgotten, afterRetention });
          run.breaks(problems);
        }),
      ),
    ),
  );

/** One minute of the run, or its rest. */
type Minute = Awaited<ReturnType<typeof loadFor>>;

/** Drives load minute by minute, until this many minutes have passed or this many sagas have ended. */
async function longLoad(
  target: SagaTarget,
  { adminUrl }: EmbeddedPostgres,
  watch: MemoryWatch,
  until: { readonly minutes: number; readonly sagas: number },
  run: Run,
): Promise<Minute[]> {
  const minutes: Minute[] = [];
  const endsAt = performance.now() + until.minutes * MINUTE_SECONDS * 1_000;
  watch.start();
  try {
    for (let ended = 0; ended < until.sagas;) {
      const seconds = Math.min(MINUTE_SECONDS, (endsAt - performance.now()) / 1_000);
      if (seconds < 1) break;
      const minute = await loadFor(seconds, target, adminUrl, watch);
      ended += minute.sagas;
      minutes.push(minute);
      run.record({ minutes });
      const mb = Object.entries(minute.memoryMb).map(([process, each]) => `${process} ${each.toFixed(0)}`);
      run.progress(`${new Date().toISOString()} ${minute.sagasPerSecond.toFixed(0)} sagas/s, MB: ${mb.join(', ')}`);
    }
  } finally {
    watch.stop();
  }
  return minutes;
}

async function loadFor(seconds: number, target: SagaTarget, adminUrl: string, watch: MemoryWatch) {
  const from = watch.samples.length;
  const before = await postgresCounters(adminUrl);
  const { sagas, seconds: took, latenciesMs } = await loadInTime(target, seconds);
  const after = await postgresCounters(adminUrl);
  return {
    sagas,
    sagasPerSecond: sagas / took,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    walKibPerSaga: (after.walBytes - before.walBytes) / 1_024 / sagas,
    memoryMb: medians(watch.samples.slice(from)),
  };
}

/** A saga that never ends must end the run. */
async function loadInTime(target: SagaTarget, seconds: number): Promise<LoadResult> {
  const over = new AbortController();
  const late = sleep((seconds + LATE_SECONDS) * 1_000, undefined, { signal: over.signal }).then(() => {
    throw new Error(`After ${LATE_SECONDS} s more some sagas have not ended.`);
  });
  const load = target.load({ inFlight: 64, declined: 0, seconds });
  return Promise.race([load, late]).finally(() => {
    late.catch(() => undefined);
    over.abort();
  });
}

/** The rows that are left when all should be at rest. */
async function restless({ databases }: SagaTarget): Promise<string[]> {
  const atRest = async (): Promise<boolean> => (await leftovers(databases)).length === 0;
  await waitUntil('all to be at rest', atRest, { deadlineMs: AT_REST_WITHIN_MS, everyMs: 1_000 }).catch(
    () => undefined,
  );
  return leftovers(databases);
}

/** Without PostgreSQL, which fills its buffers. */
function memoryProblems(samples: readonly MemoryMb[], minutes: number): string[] {
  if (minutes < MEANINGFUL_AFTER_MINUTES) return [];
  const grown = grownIn(samples).filter(({ process }) => process !== 'postgres');
  return grown.map(
    ({ process, middleMb, lastMb }) =>
      `${process}: ${middleMb.toFixed(0)} MB in the middle third of the run, ${lastMb.toFixed(0)} MB in the last`,
  );
}

/**
 * Records PostgreSQL's plan of each statement of the four services with the data stored so far. Resolves with the
 * number of sagas.
 */
async function writePlans(
  target: SagaTarget,
  { adminUrl }: EmbeddedPostgres,
  ended: number,
  file: string,
): Promise<number> {
  let sagas = 0;
  const plans = await plansDuring(adminUrl, async () => ({ sagas } = await loadInTime(target, 3)));
  const sections = Object.entries(target.databases).map(([service, url]) => {
    const own = plans.filter(({ database }) => database === databaseOf(url));
    return planSection(service, own);
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

function minuteTable(idleMb: MemoryMb, minutes: readonly Minute[], restMb: MemoryMb): string {
  type Row = Partial<Minute> & { readonly when: string; readonly memoryMb: MemoryMb };
  const rows: readonly Row[] = [
    { when: 'idle', memoryMb: idleMb },
    ...minutes.map((minute, index) => ({ when: String(index + 1), ...minute })),
    { when: 'at rest', memoryMb: restMb },
  ];
  return table(rows, [
    ['minute', ({ when }) => when],
    ['sagas/s', ({ sagasPerSecond }) => sagasPerSecond?.toFixed(0) ?? ''],
    ['p50, p99 ms', ({ p50Ms, p99Ms }) => (p50Ms === undefined ? '' : pair(p50Ms, p99Ms ?? Number.NaN))],
    ['WAL KiB a saga', ({ walKibPerSaga }) => walKibPerSaga?.toFixed(1) ?? ''],
    ...Object.keys(idleMb).map((process) => memoryColumn(process)),
  ]);
}

function memoryColumn(process: string): readonly [string, (row: { readonly memoryMb: MemoryMb }) => string] {
  return [`${process} MB`, ({ memoryMb }) => (memoryMb[process] ?? Number.NaN).toFixed(0)];
}

function storedTable(sagas: number, atEnd: readonly StoredTable[], afterRetention: readonly StoredTable[]): string {
  const after = (of: StoredTable): StoredTable | undefined =>
    afterRetention.find((each) => each.database === of.database && each.table === of.table);
  return table(atEnd, [
    ['', (each) => `${each.database}: ${each.table}`],
    ['at the end: rows', ({ rows }) => rows.toLocaleString('en')],
    ['MB', ({ mb }) => mb.toFixed(1)],
    ['indexes MB', ({ indexMb }) => indexMb.toFixed(1)],
    ['KiB for 1,000 sagas', ({ mb, indexMb }) => (((mb + indexMb) * 1_024) / (sagas / 1_000)).toFixed(0)],
    ['after retention: rows', (each) => (after(each)?.rows ?? 0).toLocaleString('en')],
    ['MB', (each) => after(each)?.mb.toFixed(1) ?? '0'],
    ['indexes MB', (each) => after(each)?.indexMb.toFixed(1) ?? '0'],
  ]);
}
