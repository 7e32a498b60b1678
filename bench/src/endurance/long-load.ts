import type { Contender } from '../contender';
import { postgresCounters } from '../measure/postgres';
import { quantile } from '../measure/quantile';
import { middleOf, type MemoryMb, type MemoryWatch } from './memory-watch';

/** One minute of the run, or what was left of it. */
export interface Minute {
  readonly sagas: number;
  readonly sagasPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly walKibPerSaga: number;
  readonly memoryMb: MemoryMb;
}

export interface Until {
  readonly minutes: number;
  readonly sagas: number;
}

const MINUTE_SECONDS = 60;
const LATE_SECONDS = 120;
export const LOAD = { inFlight: 64, declined: 0 };

/** Drives load minute by minute, until so many are over or so many sagas have ended, and tells of each when it is over. */
export async function longLoad(
  contender: Contender,
  adminUrl: string,
  watch: MemoryWatch,
  until: Until,
  tell: (minute: Minute) => void,
): Promise<Minute[]> {
  const minutes: Minute[] = [];
  const endsAt = performance.now() + until.minutes * MINUTE_SECONDS * 1_000;
  watch.start();
  try {
    for (let sagas = 0; sagas < until.sagas;) {
      const seconds = Math.min(MINUTE_SECONDS, (endsAt - performance.now()) / 1_000);
      if (seconds < 1) break;
      const minute = await oneMinute(contender, adminUrl, watch, seconds);
      minutes.push(minute);
      sagas += minute.sagas;
      tell(minute);
    }
  } finally {
    watch.stop();
  }
  return minutes;
}

async function oneMinute(contender: Contender, adminUrl: string, watch: MemoryWatch, seconds: number): Promise<Minute> {
  const from = watch.samples.length;
  const before = await postgresCounters(adminUrl);
  const { sagas, seconds: took, latenciesMs } = await inTime(contender.load({ ...LOAD, seconds }), seconds);
  const after = await postgresCounters(adminUrl);
  return {
    sagas,
    sagasPerSecond: sagas / took,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    walKibPerSaga: (after.walBytes - before.walBytes) / 1_024 / sagas,
    memoryMb: middleOf(watch.samples.slice(from)),
  };
}

/** A saga that never ends must end the run. */
export async function inTime<T>(load: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const say = (): void => reject(new Error(`after ${LATE_SECONDS} s more some sagas have not ended`));
    timer = setTimeout(say, (seconds + LATE_SECONDS) * 1_000);
  });
  return Promise.race([load, late]).finally(() => clearTimeout(timer));
}
