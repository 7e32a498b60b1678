import { v7 as uuidV7 } from 'uuid';
import { orderOf, type BenchOrder } from './effects';

/** The instruction for a process that drives load. */
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

type Buy = (order: BenchOrder) => Promise<unknown>;

/** A closed loop: this many concurrent orders, each followed by the next as soon as it has ended. */
export async function drive({ inFlight, declined, seconds }: LoadOptions, buy: Buy): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  let n = 0;
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      const begunAt = performance.now();
      await buy(orderOf((n += 1), uuidV7(), declined));
      latenciesMs.push(performance.now() - begunAt);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, client));
  return { sagas: latenciesMs.length, seconds: (performance.now() - startedAt) / 1_000, latenciesMs };
}

/** Reports to the parent process that this one is ready, and drives load on request, until the parent disconnects. */
export function serveLoad(buy: Buy): void {
  process.on('disconnect', () => process.exit(1));
  process.on('message', (options: LoadOptions) => void drive(options, buy).then((result) => process.send?.(result)));
  process.send?.('ready');
}

const waiting = new Map<string, () => void>();

/** Resolves when the order's saga has had its last effect in this process. */
export function untilFinished(orderId: string): Promise<void> {
  return new Promise((resolve) => waiting.set(orderId, resolve));
}

export function finished(orderId: string): void {
  waiting.get(orderId)?.();
  waiting.delete(orderId);
}
