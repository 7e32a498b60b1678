import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from './measure/quantile';

export interface Arrivals {
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Arrival {
  /** 0 when there was no answer. */
  readonly status: number;
  /** Measured from the scheduled arrival, even when the machine was late. */
  readonly latencyMs: number;
}

/** Customers arrive at a steady rate, independent of earlier answers. */
export function arrive(
  order: () => Promise<{ readonly status: number }>,
  { perSecond, seconds }: Arrivals,
): Promise<Arrival[]> {
  const beginsAt = performance.now();
  const customer = async (n: number): Promise<Arrival> => {
    const comesAt = beginsAt + (n * 1_000) / perSecond;
    await sleep(Math.max(0, comesAt - performance.now()));
    const status = await order().then(
      (answer) => answer.status,
      () => 0,
    );
    return { status, latencyMs: performance.now() - comesAt };
  };
  return Promise.all(Array.from({ length: Math.round(perSecond * seconds) }, (_, n) => customer(n)));
}

export const isTaken = ({ status }: Arrival): boolean => status >= 200 && status < 300;

export function latencyOf(arrivals: readonly Arrival[], q: number): number {
  return quantile(
    arrivals.map(({ latencyMs }) => latencyMs),
    q,
  );
}
