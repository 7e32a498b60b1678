import { quantile } from '../measure/quantile';
import type { Measure } from './measures';
import type { Populated } from './populated';

/** One measure in all databases, in milliseconds. */
export interface Measured {
  readonly name: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly open: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** Runs a measure in all databases, one run here, one run there, so that what disturbs the machine disturbs them alike. */
export async function takeTurns(measure: Measure, databases: readonly Populated[]): Promise<Measured> {
  const runs = databases.map(() => [] as number[]);
  const warmUps = Math.ceil(measure.times / 10);
  for (let time = -warmUps; time < measure.times; time += 1) {
    for (const [index, populated] of databases.entries()) {
      const run = await measure.prepare(populated);
      const begunAt = performance.now();
      await run();
      if (time >= 0) runs[index]?.push(performance.now() - begunAt);
    }
  }
  const samples = databases.map(({ sagas: { count: open } }, index) => {
    const of = (q: number): number => quantile(runs[index] ?? [], q);
    return { open, p10: of(0.1), p50: of(0.5), p90: of(0.9), p99: of(0.99) };
  });
  return { name: measure.name, samples };
}

/** How much longer it takes in the last database than in the first. */
export function ratioOf({ samples }: Measured): number {
  return (samples.at(-1)?.p50 ?? Number.NaN) / (samples[0]?.p50 ?? Number.NaN);
}
