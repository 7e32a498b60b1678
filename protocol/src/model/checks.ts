/* All checks of the models: the protocol keeps its promises, and breaks one when any of its rules is left out. */
import { mistakes } from './mistakes';
import { pairs, singles, type Shape } from './shapes';

export interface Check {
  readonly words: string;
  readonly model: 'saga' | 'live';
  readonly shape: Shape;
  /** The macros that are defined, besides those of the shape. */
  readonly defines: readonly string[];
  /** The promise that must be broken; undefined when all must hold. */
  readonly breaks?: string;
}

const holds = (words: string, model: Check['model'], shape: Shape, ...defines: string[]): Check => ({
  words,
  model,
  shape,
  defines,
});

const promises: readonly Check[] = [
  holds('safe: two steps, beside a pivot', 'saga', pairs.compensatable),
  holds('safe: one stage of two, beside a pivot', 'saga', pairs.parallel),
  holds('safe: steps that must succeed', 'saga', pairs.retriable),
  holds('safe: others send commands under its ids', 'saga', singles.steps, 'IMPOSTOR'),
  holds('safe: others send commands under its ids, beside a pivot', 'saga', singles.compensatable, 'IMPOSTOR'),
  holds('safe: others send commands of steps that must succeed', 'saga', singles.retriables, 'IMPOSTOR'),
  holds('safe: its actions are forgotten', 'saga', singles.steps, 'FORGETFUL'),
  holds('live: it ends when operators resume what is PAUSED', 'live', singles.compensatable),
  holds('live: it ends, or is PAUSED', 'live', singles.compensatable, 'NO_OPERATOR'),
  holds('live: steps that must succeed do', 'live', singles.retriable),
];

export const checks: readonly Check[] = [
  ...promises,
  ...mistakes.map(({ name, model, shape, world = [], breaks }) => ({
    words: name,
    model,
    shape,
    defines: [name, ...world],
    breaks,
  })),
];
