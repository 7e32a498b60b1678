/*
 * `npm run bench`: bare statements, Palinode and its nearest peer, measured alternately on one PostgreSQL in the same
 * minutes. Every figure is a median over the rounds, every claim a ratio within the run; a run with broken invariants
 * fails.
 */
import { listOf, numberFrom, oneOf, wholeNumber } from '@palinode/test-support/command-line';
import { brokerKinds, type BrokerKind } from '@palinode/test-support/kafka/broker';
import type { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { Profiler } from '../measure/profile/profiler';
import { byProcess, measure, spread, summarise, type Measurement, type Summary } from '../measurement';
import { running, subcommand, table, using, type Run } from '../run';
import { startFloor, startGraphile } from '../targets/one-process';
import { startSagas, startShop, type SagaSystem } from '../targets/services';
import type { StartTarget } from '../targets/target';

/** The saga systems of a run: each broker with each kind of transaction and each driver. */
interface Systems {
  readonly brokers: readonly BrokerKind[];
  readonly transactions: readonly SagaSystem['transaction'][];
  readonly drivers: readonly SagaSystem['driver'][];
}

interface Extent {
  readonly seconds: number;
  readonly rounds: number;
  readonly warmUp: number;
  readonly inFlight: readonly number[];
  readonly declined: readonly number[];
}

type Choice = Extent & Systems & { readonly targets: readonly string[] };

const FULL: Choice = {
  seconds: 10,
  rounds: 3,
  // V8 compiles what runs often, and what runs once a batch comes to that late: 20 s after a start it takes a tenth of the CPU
  // of Palinode's processes, 90 s after it half as much. A service runs for longer than that.
  warmUp: 30,
  inFlight: [1, 16, 64, 256],
  declined: [0, 0.1],
  targets: ['floor', 'graphile', 'graphile-in-groups', 'by-hand', 'palinode', 'shop'],
  brokers: brokerKinds,
  transactions: ['per-batch', 'per-command'],
  drivers: ['startSaga', 'http'],
};
const QUICK: Choice = {
  ...FULL,
  seconds: 4,
  rounds: 1,
  warmUp: 6,
  inFlight: [64],
  declined: [0],
  targets: ['floor', 'graphile', 'graphile-in-groups', 'palinode'],
  brokers: ['embedded'],
  drivers: ['startSaga'],
};

const TARGETS: Readonly<Record<string, (systems: Systems) => StartTarget[]>> = {
  floor: () => [startFloor],
  graphile: () => [startGraphile('singly')],
  'graphile-in-groups': () => [startGraphile('groups')],
  'by-hand': (systems) => sagas({ ...systems, drivers: ['startSaga'] }, true),
  palinode: (systems) => sagas(systems, false),
  shop: ({ brokers }) => brokers.map(startShop),
};

function sagas({ brokers, transactions, drivers }: Systems, byHand: boolean): StartTarget[] {
  const systems = brokers.flatMap((broker) =>
    transactions.flatMap((transaction) => drivers.map((driver) => ({ broker, transaction, driver, byHand }))),
  );
  return systems.map((system) => (adminUrl, directory) => startSagas(adminUrl, directory, system));
}

/** `peers` are further targets, by their names for `--targets`. */
export const throughput = (peers: Readonly<Record<string, StartTarget>> = {}) => {
  const names = [...Object.keys(TARGETS), ...Object.keys(peers)];
  return subcommand(
    'throughput',
    'Measures sagas and other systems at the same work, alternately. The default subcommand.',
  )
    .option('--quick', 'about a minute: one short round, 64 in flight, the embedded broker', false)
    .option('--seconds <number>', 'how long each target is measured in a round', numberFrom(0.1))
    .option('--rounds <number>', 'the number of measurements of each target', wholeNumber(1))
    .option('--warm-up <number>', 'seconds of load before each measurement, which are not counted', numberFrom(0))
    .option('--in-flight <numbers>', 'orders at a time', listOf(wholeNumber(1)))
    .option('--declined <numbers>', 'shares of the cards that are declined, such as 0,0.1', listOf(numberFrom(0, 1)))
    .option('--targets <names>', names.join(', '), listOf(oneOf(...names)))
    .option('--brokers <kinds>', brokerKinds.join(', '), listOf(oneOf(...brokerKinds)))
    .option('--transactions <kinds>', FULL.transactions.join(', '), listOf(oneOf(...FULL.transactions)))
    .option('--drivers <names>', FULL.drivers.join(', '), listOf(oneOf(...FULL.drivers)))
    .option('--profile <directory>', 'where to write CPU profiles')
    .action(
      running(async ({ quick, ...given }, run) => {
        const options = { ...(quick ? QUICK : FULL), ...given };
        const starts = options.targets.flatMap((name) => TARGETS[name]?.(options) ?? peers[name] ?? []);
        // Before the profiled processes start.
        const profiler = options.profile === undefined ? undefined : new Profiler(options.profile);
        const results = await using(run.postgres(), (postgres) => measureAll(options, starts, postgres, run, profiler));
        run.print(throughputTable(summarise(results)));
        run.record({ summaries: summarise(results), results });
        run.breaks(results.flatMap(({ broken }) => broken));
      }),
    );
};

async function measureAll(
  { rounds, seconds, warmUp, ...levels }: Extent,
  starts: readonly StartTarget[],
  postgres: EmbeddedPostgres,
  run: Run,
  profiler: Profiler | undefined,
): Promise<Measurement[]> {
  const results: Measurement[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const [inFlight, declined] of levels.inFlight.flatMap((each) =>
      levels.declined.map((d) => [each, d] as const),
    )) {
      for (const start of thereAndBack(round, starts)) {
        const result = await using(start(postgres.adminUrl, run.directory), (target) =>
          measure(target, postgres, { inFlight, declined, seconds, warmUp }, profiler),
        );
        const { target, sagasPerSecond, cpuMsPerSaga } = result;
        run.progress(
          `${round}/${rounds} ${target}, ${inFlight} in flight, ${declined * 100} % declined: ` +
            `${sagasPerSecond.toFixed(0)}/s, ${cpuMsPerSaga.toFixed(2)} ms CPU`,
        );
        results.push(result);
      }
    }
  }
  return results;
}

/** Reversed in every second round, so that no target always follows the same one. */
export function thereAndBack<T>(round: number, all: readonly T[]): readonly T[] {
  return round % 2 === 1 ? all : all.toReversed();
}

const multiple = (times: number | undefined): string => times?.toFixed(2) ?? '';

export const throughputTable = (summaries: readonly Summary[]): string =>
  table(summaries, [
    ['', ({ target }) => target],
    ['in flight', ({ inFlight }) => inFlight],
    ['declined', ({ declined }) => `${declined * 100} %`],
    ['sagas/s (spread)', spread],
    ['× Graphile', ({ timesGraphile }) => multiple(timesGraphile)],
    ['× Graphile in groups', ({ timesGraphileInGroups }) => multiple(timesGraphileInGroups)],
    ['p50 ms', ({ p50Ms }) => p50Ms.toFixed(1)],
    ['p95 ms', ({ p95Ms }) => p95Ms.toFixed(1)],
    ['p99 ms', ({ p99Ms }) => p99Ms.toFixed(1)],
    ['CPU ms a saga', ({ cpuMsPerSaga }) => cpuMsPerSaga.toFixed(2)],
    ['× floor', ({ timesFloorCpu }) => multiple(timesFloorCpu)],
    ['commits', ({ postgresPerSaga }) => postgresPerSaga.commits.toFixed(2)],
    ['WAL bytes', ({ postgresPerSaga }) => postgresPerSaga.walBytes.toFixed(0)],
    ['fsyncs', ({ postgresPerSaga }) => postgresPerSaga.fsyncs.toFixed(3)],
    ['CPU ms by process', byProcess],
  ]);
