import { transition } from '../engine';
import { decide } from '../participant/decide';

/** The pure functions that the guarantees rest on. Explorer and simulator run them, or mutants in the place of some. */
export interface Protocol {
  readonly transition: typeof transition;
  readonly decide: typeof decide;
}

export const PROTOCOL: Protocol = { transition, decide };
