import { v7 as uuidV7 } from 'uuid';
import { orderOf, type BenchOrder } from './effects';

/** What a process that drives load is told to do. */
export interface LoadOptions {
  readonly inFlight: number;
  readonly declined: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly sagas: number;
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
}

/** A closed loop: so many orders at once, each followed by the next as soon as it has ended. */
export async function drive(
  { inFlight, declined, seconds }: LoadOptions,
  order: (order: BenchOrder) => Promise<void>,
): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  let n = 0;
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      const begunAt = performance.now();
      await order(orderOf((n += 1), uuidV7(), declined));
      latenciesMs.push(performance.now() - begunAt);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, client));
  return { sagas: latenciesMs.length, seconds: (performance.now() - startedAt) / 1_000, latenciesMs };
}
