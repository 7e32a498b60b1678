import type { Direction } from '../contract';
import type { Histogram } from './histogram';

/** Replies to the commands of a step, or signals of a wait, and how long they took. */
export interface StepCounts {
  readonly succeeded?: number;
  readonly refused?: number;
  readonly failed?: number;
  readonly unanswered?: number;
  /** From when the command was sent last to its reply. */
  readonly took?: Histogram;
}

/** What became of sagas. Only what occurred has a number, so that counts are small as JSON. */
export interface Counts {
  readonly started?: number;
  readonly completed?: number;
  readonly compensated?: number;
  /** How often a saga paused. */
  readonly paused?: number;
  /** How long the sagas took that ended. */
  readonly took?: Histogram;
  /** By name, without the index of a branch. */
  readonly steps?: Readonly<Record<string, Partial<Record<Direction, StepCounts>>>>;
  /** Why sagas were compensated: by the kind of the cause and the step, which may be ''. */
  readonly causes?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The sum of counts, number by number. */
export function sumOf(all: readonly Counts[]): Counts {
  const sum: Numbers = {};
  for (const each of all) add(sum, each as Numbers);
  return sum;
}

/** Counts are numbers, nested by name. */
interface Numbers {
  [name: string]: number | Numbers | undefined;
}

function add(to: Numbers, more: Numbers): void {
  for (const name of Object.keys(more)) {
    const value = more[name];
    const known = to[name];
    if (typeof value === 'object') add(typeof known === 'object' ? known : (to[name] = {}), value);
    else if (value !== undefined) to[name] = ((known as number | undefined) ?? 0) + value;
  }
}
