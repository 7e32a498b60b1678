import type { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { postgresCounters, type PostgresCounters } from './measure/postgres';
import { cpuMsOf, stealTicks, stolenPercentSince } from './measure/processes';
import { groupBy, mapValues, median, medians, quantile } from './measure/quantile';
import type { Profiler } from './measure/profile/profiler';
import type { LoadOptions } from './targets/load';
import { FLOOR, GRAPHILE, GRAPHILE_IN_GROUPS } from './targets/one-process';
import type { Target } from './targets/target';

/** The results of one target in one round. */
export interface Measurement {
  readonly target: string;
  readonly inFlight: number;
  readonly declined: number;
  readonly sagas: number;
  /** Sagas of the warm-up, which are not counted. */
  readonly warmedUp: number;
  readonly sagasPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** CPU of all processes: services, broker, PostgreSQL. */
  readonly cpuMsPerSaga: number;
  readonly cpuByProcess: Readonly<Record<string, number>>;
  readonly postgresPerSaga: PostgresCounters;
  /** The percentage of the machine's CPU time that other guests took. */
  readonly stolenPercent: number;
  readonly broken: readonly string[];
}

/** The least number in flight for half of the warm-up: with fewer, too few sagas would run. */
const WARM_UP_IN_FLIGHT = 64;

export interface MeasurementOptions extends LoadOptions {
  /** Seconds of warm-up, which are not counted. */
  readonly warmUp: number;
}

/** Warms the target up, drives load, and counts the CPU of every process involved. */
export async function measure(
  target: Target,
  postgres: EmbeddedPostgres,
  { warmUp, ...options }: MeasurementOptions,
  profiler?: Profiler,
): Promise<Measurement> {
  const pids = { ...target.pids, postgres: postgres.pid ?? 0 };
  const counters = async () => ({ cpuMs: cpuMsOf(pids), postgres: await postgresCounters(postgres.adminUrl) });
  const warmedUp = await warmUpFor(warmUp, target, options);
  const before = await counters();
  const steal = stealTicks();
  const load = () => target.load(options);
  const title = `${target.name}, ${options.inFlight} in flight, ${options.declined * 100} % declined`;
  const ports = { ...target.ports, [new URL(postgres.adminUrl).port]: 'PostgreSQL' };
  const { sagas, seconds, latenciesMs } = await (profiler?.during(title, target.pids, ports, load) ?? load());
  const after = await counters();
  const stolenPercent = stolenPercentSince(steal);
  const cpuByProcess = mapValues(before.cpuMs, (ms, process) => ((after.cpuMs[process] ?? Number.NaN) - ms) / sagas);
  return {
    target: target.name,
    inFlight: options.inFlight,
    declined: options.declined,
    sagas,
    warmedUp,
    sagasPerSecond: sagas / seconds,
    p50Ms: quantile(latenciesMs, 0.5),
    p95Ms: quantile(latenciesMs, 0.95),
    p99Ms: quantile(latenciesMs, 0.99),
    cpuMsPerSaga: Object.values(cpuByProcess).reduce((sum, each) => sum + each, 0),
    cpuByProcess,
    postgresPerSaga: mapValues(before.postgres, (counted, name) => (after.postgres[name] - counted) / sagas),
    stolenPercent,
    broken: await problemsOf(target, warmedUp + sagas),
  };
}

/**
 * Half of the time with at least {@link WARM_UP_IN_FLIGHT} in flight, half as in the measurement. Resolves with the
 * number of sagas.
 */
export async function warmUpFor(seconds: number, target: Pick<Target, 'load'>, options: LoadOptions): Promise<number> {
  if (seconds === 0) return 0;
  const many = Math.max(options.inFlight, WARM_UP_IN_FLIGHT);
  const first = await target.load({ ...options, inFlight: many, seconds: seconds / 2 });
  const second = await target.load({ ...options, seconds: seconds / 2 });
  return first.sagas + second.sagas;
}

/** The last effects of a run may be late: the check is repeated until it passes or its time is up. */
async function problemsOf(target: Target, sagas: number): Promise<readonly string[]> {
  let problems: readonly string[] = [];
  const holds = async (): Promise<boolean> => (problems = await target.check(sagas)).length === 0;
  await waitUntil('the invariants to hold', holds, { deadlineMs: 15_000, everyMs: 200 }).catch((error: Error) => {
    if (problems.length === 0) throw error;
  });
  return problems.map((problem) => `${target.name}: ${problem}`);
}

/**
 * One target over all rounds: medians, and the spread of the rate. Ratios to other targets are medians of the ratios
 * within a round, because a machine's speed changes less within a round than between rounds.
 */
export interface Summary extends Omit<Measurement, 'sagas' | 'warmedUp' | 'broken'> {
  readonly slowest: number;
  readonly fastest: number;
  /** The ratio to the floor's CPU per saga; undefined when the floor was not measured. */
  readonly timesFloorCpu: number | undefined;
  /** The ratio to the peer's sagas per second. */
  readonly timesGraphile: number | undefined;
  readonly timesGraphileInGroups: number | undefined;
}

export function summarise(measurements: readonly Measurement[]): Summary[] {
  const groups = groupBy(measurements, (each) => `${each.inFlight}/${each.declined}/${each.target}`);
  return [...groups.values()].flatMap((group) => group.slice(0, 1).map((first) => summaryOf(first, group, groups)));
}

function summaryOf(
  { target, inFlight, declined }: Measurement,
  group: readonly Measurement[],
  groups: ReadonlyMap<string, readonly Measurement[]>,
): Summary {
  const of = (pick: (measurement: Measurement) => number): number => median(group.map(pick));
  const times = (other: string, figure: 'cpuMsPerSaga' | 'sagasPerSecond'): number | undefined => {
    const others = groups.get(`${inFlight}/${declined}/${other}`)?.slice(0, group.length) ?? [];
    const ratios = others.map((their, round) => (group[round] ?? their)[figure] / their[figure]);
    return ratios.length === 0 ? undefined : median(ratios);
  };
  const rates = group.map(({ sagasPerSecond }) => sagasPerSecond);
  return {
    target,
    inFlight,
    declined,
    sagasPerSecond: median(rates),
    slowest: Math.min(...rates),
    fastest: Math.max(...rates),
    p50Ms: of(({ p50Ms }) => p50Ms),
    p95Ms: of(({ p95Ms }) => p95Ms),
    p99Ms: of(({ p99Ms }) => p99Ms),
    cpuMsPerSaga: of(({ cpuMsPerSaga }) => cpuMsPerSaga),
    cpuByProcess: medians(group.map(({ cpuByProcess }) => cpuByProcess)),
    postgresPerSaga: medians(group.map(({ postgresPerSaga }) => postgresPerSaga)),
    stolenPercent: of(({ stolenPercent }) => stolenPercent),
    timesFloorCpu: times(FLOOR, 'cpuMsPerSaga'),
    timesGraphile: times(GRAPHILE, 'sagasPerSecond'),
    timesGraphileInGroups: times(GRAPHILE_IN_GROUPS, 'sagasPerSecond'),
  };
}

export const spread = ({ sagasPerSecond, slowest, fastest }: Summary): string =>
  `${sagasPerSecond.toFixed(0)} (${slowest.toFixed(0)}–${fastest.toFixed(0)})`;

export const byProcess = ({ cpuByProcess }: Summary): string =>
  Object.entries(cpuByProcess)
    .map(([process, ms]) => `${process} ${ms.toFixed(2)}`)
    .join(', ');
