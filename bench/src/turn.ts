import type { Contender } from './contender';
import type { LoadOptions } from './load';
import { cpuMsOf } from './measure/cpu';
import { quantile } from './measure/quantile';

/** What one contender did in one turn. */
export interface TurnResult {
  readonly contender: string;
  readonly inFlight: number;
  readonly declined: number;
  readonly sagas: number;
  readonly sagasPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of all processes: services, broker, PostgreSQL. */
  readonly cpuMsPerSaga: number;
  readonly cpuByProcess: Readonly<Record<string, number>>;
  readonly broken: readonly string[];
}

/** Long enough for what is hot to be compiled: the first seconds of a process cost twice as much a saga. */
const WARM_UP_SECONDS = 5;

/** Warms the contender up, drives load, and counts the CPU of every process that had a part in it. */
export async function takeTurn(contender: Contender, postgresPid: number, options: LoadOptions): Promise<TurnResult> {
  const pids = { ...contender.pids, postgres: postgresPid };
  const warmUp = await contender.load({ ...options, seconds: WARM_UP_SECONDS });
  const before = cpuOf(pids);
  const { sagas, seconds, latenciesMs } = await contender.load(options);
  const after = cpuOf(pids);
  const cpuByProcess = Object.fromEntries(
    Object.keys(pids).map((name) => [name, ((after[name] ?? 0) - (before[name] ?? 0)) / sagas]),
  );
  return {
    contender: contender.name,
    inFlight: options.inFlight,
    declined: options.declined,
    sagas,
    sagasPerSecond: sagas / seconds,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    cpuMsPerSaga: Object.values(cpuByProcess).reduce((sum, each) => sum + each, 0),
    cpuByProcess,
    broken: await settled(contender, warmUp.sagas + sagas),
  };
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

function cpuOf(pids: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuMsOf(pid)]));
}
