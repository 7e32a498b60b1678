import { setTimeout as pause } from 'node:timers/promises';
import type { Way } from './way';

export interface Arrivals {
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Answers {
  /** From the instant at which the customer came, whether or not the machine was ready for them. */
  readonly latenciesMs: readonly number[];
  readonly taken: number;
  readonly orders: number;
}

/** Customers come at a steady rate, and wait for nobody but their own answer. */
export async function arrive(way: Way, { perSecond, seconds }: Arrivals): Promise<Answers> {
  const beginsAt = performance.now();
  const latenciesMs: number[] = [];
  let taken = 0;
  const customer = async (n: number): Promise<void> => {
    const comesAt = beginsAt + (n * 1_000) / perSecond;
    await pause(Math.max(0, comesAt - performance.now()));
    const status = await way.order().then(
      (answer) => answer.status,
      () => 0,
    );
    latenciesMs.push(performance.now() - comesAt);
    if (status >= 200 && status < 300) taken += 1;
  };
  const orders = perSecond * seconds;
  await Promise.all(Array.from({ length: orders }, (_, n) => customer(n)));
  return { latenciesMs, taken, orders };
}
