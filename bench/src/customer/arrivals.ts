import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from './way';

export interface Arrivals {
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Arrival {
  /** 0 when there was no answer. */
  readonly status: number;
  /** From the instant at which the customer came, whether or not the machine was ready for them. */
  readonly latencyMs: number;
}

/** Customers come at a steady rate, and wait for nobody but their own answer. */
export function arrive(order: () => Promise<Answer>, { perSecond, seconds }: Arrivals): Promise<Arrival[]> {
  const beginsAt = performance.now();
  const customer = async (n: number): Promise<Arrival> => {
    const comesAt = beginsAt + (n * 1_000) / perSecond;
    await pause(Math.max(0, comesAt - performance.now()));
    const status = await order().then(
      (answer) => answer.status,
      () => 0,
    );
    return { status, latencyMs: performance.now() - comesAt };
  };
  return Promise.all(Array.from({ length: Math.round(perSecond * seconds) }, (_, n) => customer(n)));
}

export function isTaken({ status }: Arrival): boolean {
  return status >= 200 && status < 300;
}
