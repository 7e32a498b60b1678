import { SagaTestError } from '../saga-test-error';

/** When an exploration that has not seen everything has seen enough. */
export interface Enough {
  readonly covered?: number;
  readonly disturbances?: number;
}

/** What an exploration found, and how much of what can happen it has seen. */
export class Exploration {
  /** How many states of the saga, its messages, its participants and the world were told apart, and reached. */
  readonly states: number;
  /** How many different histories lead through them, counting those of at most `depth` events. */
  readonly histories: number;
  /** How many events it takes at most to reach a state. */
  readonly depth: number;
  /** True when every state that can be reached was reached; false when `maxStates` came first. */
  readonly complete: boolean;
  /**
   * Of an exploration that is not complete: every history with at most so many disturbances was seen. A refusal, a failure,
   * a timeout, an operator and a signal that nobody waits for yet are one each. Undefined otherwise.
   */
  readonly disturbances: number | undefined;
  /** How many walks at random were made from where the room for states ended. */
  readonly walks: number;
  /** How many pairs of a step's state and an event are known to be possible. */
  readonly pairs: number;
  /** The share of these pairs that was tried, from 0 to 1; 1 when the exploration is complete. */
  readonly covered: number;
  /** A history that breaks a promise, told line by line, the shortest if it says so; undefined when there is none. */
  readonly story: string | undefined;

  constructor(seen: Omit<Exploration, 'expectNoBrokenPromise'>) {
    this.states = seen.states;
    this.histories = seen.histories;
    this.depth = seen.depth;
    this.complete = seen.complete;
    this.disturbances = seen.disturbances;
    this.walks = seen.walks;
    this.pairs = seen.pairs;
    this.covered = seen.covered;
    this.story = seen.story;
  }

  /**
   * Throws a SagaTestError with the history that breaks a promise, or when not everything was seen; with `covered`, when
   * less than this share of the pairs of a step's state and an event was tried; with `disturbances`, when not every history
   * with at most so many of them was seen.
   */
  expectNoBrokenPromise({ covered = 1, disturbances = Infinity }: Enough = {}): this {
    if (this.story !== undefined) throw new SagaTestError(this.story);
    if (this.complete || (covered < 1 && this.covered >= covered)) return this;
    if (this.disturbances !== undefined && this.disturbances >= disturbances) return this;
    const share = `${(100 * this.covered).toFixed(1)} % of ${this.pairs} pairs of a step's state and an event were tried`;
    throw new SagaTestError(
      `No promise was broken in ${this.states} states, but there are more; ${share}. Allow more with maxStates, or fewer ` +
        'tries; or be content with expectNoBrokenPromise({ covered: 0.99 }) or ({ disturbances: 1 }).',
    );
  }
}
