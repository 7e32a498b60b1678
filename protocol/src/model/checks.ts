/* All that is asked of the models: that the protocol keeps its promises, and that it does not with any of its rules left out. */
import { mistakes } from './mistakes';
import { pairs, singles, type Shape } from './shapes';

export interface Check {
  readonly words: string;
  readonly model: 'saga' | 'live';
  readonly shape: Shape;
  /** The macros that are defined, besides those of the shape. */
  readonly defines: readonly string[];
  /** The promise that must turn out to be broken; undefined when all must hold. */
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
  holds('safe: what must succeed', 'saga', pairs.retriable),
  holds('safe: others send commands under its ids', 'saga', singles.steps, 'IMPOSTOR'),
  holds('safe: others send commands under its ids, beside a pivot', 'saga', singles.compensatable, 'IMPOSTOR'),
  holds('safe: others send commands of what must succeed', 'saga', singles.retriables, 'IMPOSTOR'),
  holds('safe: its actions are forgotten', 'saga', singles.steps, 'FORGETFUL'),
  holds('live: it ends when operators resume what is PAUSED', 'live', singles.compensatable),
  holds('live: it ends, or is PAUSED', 'live', singles.compensatable, 'NO_OPERATOR'),
  holds('live: what must succeed does', 'live', singles.retriable),
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
