import type { Contender } from './contender';
import type { LoadOptions, LoadResult } from './load';
import { cpuMsOf, stealTicks } from './measure/cpu';
import { postgresCounters, type PostgresCounters } from './measure/postgres';
import { quantile } from './measure/quantile';
import type { Profiler } from './profile/profiler';

/** What one contender did in one turn. */
export interface TurnResult {
  readonly contender: string;
  readonly inFlight: number;
  readonly declined: number;
  readonly sagas: number;
  readonly sagasPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Of all processes: services, broker, PostgreSQL. */
  readonly cpuMsPerSaga: number;
  readonly cpuByProcess: Readonly<Record<string, number>>;
  readonly postgresPerSaga: PostgresCounters;
  /** What other guests took of the machine's time, in percent. */
  readonly stolenPercent: number;
  readonly broken: readonly string[];
}

/** So many in flight at least for half of that time: one after the other too few would come through. */
const WARM_UP_IN_FLIGHT = 64;

export interface TurnOptions extends LoadOptions {
  /** How many seconds of load go before, uncounted. */
  readonly warmUp: number;
}

/** Warms the contender up, drives load, and counts the CPU of every process that had a part in it. */
export async function takeTurn(
  contender: Contender,
  postgres: { readonly adminUrl: string; readonly pid: number | undefined },
  { warmUp, ...options }: TurnOptions,
  profiler?: Profiler,
): Promise<TurnResult> {
  const pids = { ...contender.pids, postgres: postgres.pid ?? 0 };
  const warmedUp = await warmUpFor(warmUp, contender, options);
  const before = await countersOf(pids, postgres.adminUrl);
  const load = (): Promise<LoadResult> => contender.load(options);
  const title = `${contender.name}, ${options.inFlight} in flight, ${options.declined * 100} % declined`;
  const ports = { ...contender.ports, [new URL(postgres.adminUrl).port]: 'PostgreSQL' };
  const { sagas, seconds, latenciesMs } = await (profiler?.during(title, contender.pids, ports, load) ?? load());
  const after = await countersOf(pids, postgres.adminUrl);
  const perSaga = <Name extends string>(counters: (of: Counters) => Readonly<Record<Name, number>>) =>
    differences(counters(before), counters(after), sagas);
  const cpuByProcess = perSaga(({ cpuMs }) => cpuMs);
  return {
    contender: contender.name,
    inFlight: options.inFlight,
    declined: options.declined,
    sagas,
    sagasPerSecond: sagas / seconds,
    p50Ms: quantile(latenciesMs, 0.5),
    p95Ms: quantile(latenciesMs, 0.95),
    p99Ms: quantile(latenciesMs, 0.99),
    cpuMsPerSaga: Object.values(cpuByProcess).reduce((sum, each) => sum + each, 0),
    cpuByProcess,
    postgresPerSaga: perSaga((counters) => ({ ...counters.postgres })),
    stolenPercent: (100 * (after.ticks.steal - before.ticks.steal)) / (after.ticks.total - before.ticks.total),
    broken: await settled(contender, warmedUp + sagas),
  };
}

/** Half of the time with at least {@link WARM_UP_IN_FLIGHT}, half as it will be measured. Resolves with how many sagas that were. */
export async function warmUpFor(
  seconds: number,
  contender: Pick<Contender, 'load'>,
  options: LoadOptions,
): Promise<number> {
  if (seconds === 0) return 0;
  const many = Math.max(options.inFlight, WARM_UP_IN_FLIGHT);
  const first = await contender.load({ ...options, inFlight: many, seconds: seconds / 2 });
  const second = await contender.load({ ...options, seconds: seconds / 2 });
  return first.sagas + second.sagas;
}

/** The last effects of a run may still be on their way: the check is repeated until it holds or its time is up. */
async function settled(contender: Contender, sagas: number): Promise<readonly string[]> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const broken = await contender.check(sagas);
    if (broken.length === 0 || Date.now() > deadline) return broken;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

interface Counters {
  readonly cpuMs: Readonly<Record<string, number>>;
  readonly postgres: PostgresCounters;
  readonly ticks: ReturnType<typeof stealTicks>;
}

async function countersOf(pids: Readonly<Record<string, number>>, adminUrl: string): Promise<Counters> {
  const cpuMs = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuMsOf(pid)]));
  return { cpuMs, postgres: await postgresCounters(adminUrl), ticks: stealTicks() };
}

function differences<Name extends string>(
  before: Readonly<Record<Name, number>>,
  after: Readonly<Record<Name, number>>,
  sagas: number,
): Record<Name, number> {
  const names = Object.keys(before) as Name[];
  return Object.fromEntries(names.map((name) => [name, (after[name] - before[name]) / sagas])) as Record<Name, number>;
}
