import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@palinode/test-support/postgres/embedded-postgres';
import type { Contender } from './contender';
import { startFloor } from './floor/contender';
import { startGraphile } from './graphile/contender';
import { stealTicks } from './measure/cpu';
import { machine } from './measure/machine';
import { benchOptions, type BenchOptions } from './options';
import { Profiler } from './profile/profiler';
import { report, summarise } from './report';
import { startSagas } from './saga/contender';
import { startShop } from './shop/contender';
import { takeTurn, type TurnResult } from './turn';

export type Start = (adminUrl: string, directory: string) => Promise<Contender>;

const OURS: Readonly<Record<string, (options: BenchOptions) => Start[]>> = {
  floor: () => [startFloor],
  graphile: () => [(adminUrl) => startGraphile(adminUrl, 'singly')],
  'graphile-in-groups': () => [(adminUrl) => startGraphile(adminUrl, 'groups')],
  'by-hand': (options) => sagas({ ...options, doors: ['startSaga'] }, true),
  palinode: (options) => sagas(options, false),
  shop: ({ brokers }) => brokers.map((broker) => (adminUrl, directory) => startShop(adminUrl, directory, broker)),
};

function sagas({ brokers, transactions, doors }: BenchOptions, byHand: boolean): Start[] {
  return brokers.flatMap((broker) =>
    transactions.flatMap((transaction) =>
      doors.map(
        (door): Start =>
          (adminUrl, directory) =>
            startSagas({ adminUrl, directory, broker, transaction, door, byHand }),
      ),
    ),
  );
}

/**
 * Lets the contenders take turns on one PostgreSQL in the same minutes, prints what came of it, and fails when the books of one
 * do not add up. `others` are further contenders by the names by which `--contenders` chooses them.
 */
export async function runBench(args: readonly string[], others: Readonly<Record<string, Start>> = {}): Promise<void> {
  const options = benchOptions(args, [...Object.keys(OURS), ...Object.keys(others)]);
  const starts = options.contenders.flatMap((name) => OURS[name]?.(options) ?? others[name] ?? []);
  const profiler = options.profile === undefined ? undefined : new Profiler(options.profile);
  const directory = mkdtempSync(join(tmpdir(), 'palinode-bench-'));
  const load = loadavg()[0] ?? 0;
  const postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres') });
  const steal = stealTicks();
  try {
    const results = await allTurns(options, starts, postgres, directory, profiler);
    const now = stealTicks();
    const stolen = (100 * (now.steal - steal.steal)) / (now.total - steal.total);
    const summaries = summarise(results);
    console.log(report(summaries, `${machine()}, load ${load.toFixed(1)} before, ${stolen.toFixed(1)} % stolen`));
    if (options.json)
      writeFileSync(options.json, JSON.stringify({ machine: machine(), load, stolen, summaries, results }, null, 2));
    const broken = results.filter((result) => result.broken.length > 0);
    for (const { contender, broken: problems } of broken) console.error(`${contender}: ${problems.join('; ')}`);
    process.exitCode = broken.length > 0 ? 1 : 0;
  } finally {
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function allTurns(
  options: BenchOptions,
  starts: readonly Start[],
  postgres: EmbeddedPostgres,
  directory: string,
  profiler: Profiler | undefined,
): Promise<TurnResult[]> {
  const { rounds, seconds, warmUp } = options;
  const results: TurnResult[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const inFlight of options.inFlight) {
      for (const declined of options.declined) {
        for (const start of thereAndBack(round, starts)) {
          const result = await withContender(start(postgres.adminUrl, directory), (contender) =>
            takeTurn(contender, postgres, { inFlight, declined, seconds, warmUp }, profiler),
          );
          console.error(
            `${round}/${rounds} ${result.contender}, ${inFlight} in flight, ${declined * 100} % declined: ` +
              `${result.sagasPerSecond.toFixed(0)}/s, ${result.cpuMsPerSaga.toFixed(2)} ms CPU`,
          );
          results.push(result);
        }
      }
    }
  }
  return results;
}

/** In every second round the other way round, so that nobody always has the turn after the same neighbour. */
export function thereAndBack<T>(round: number, all: readonly T[]): readonly T[] {
  return round % 2 === 1 ? all : all.toReversed();
}

async function withContender<T>(started: Promise<Contender>, work: (contender: Contender) => Promise<T>): Promise<T> {
  const contender = await started;
  try {
    return await work(contender);
  } finally {
    await contender.stop();
  }
}
