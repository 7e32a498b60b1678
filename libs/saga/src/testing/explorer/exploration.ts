import { SagaTestError } from '../saga-test-error';

/** When an incomplete exploration is sufficient. */
export interface Enough {
  readonly covered?: number;
  readonly disturbances?: number;
}

/** What an exploration found, and how much of the possible it covered. */
export class Exploration {
  /** The number of different states of saga, messages, participants and world that were reached. */
  readonly states: number;
  /** The number of different histories of at most `depth` events that lead through them. */
  readonly histories: number;
  /** The largest number of events that is needed to reach a state. */
  readonly depth: number;
  /** True when every reachable state was reached; false when `maxStates` came first. */
  readonly complete: boolean;
  /**
   * For an incomplete exploration: every history with at most this many disturbances was explored. A refusal, a
   * failure, a timeout, an operator and a signal before its wait are one disturbance each. Undefined otherwise.
   */
  readonly disturbances: number | undefined;
  /** The number of random walks from the states where `maxStates` stopped the search. */
  readonly walks: number;
  /** The number of known pairs of a step's state and an event. */
  readonly pairs: number;
  /** The share of these pairs that was tried, from 0 to 1; 1 when the exploration is complete. */
  readonly covered: number;
  /**
   * A history that breaks a promise, line by line; it says whether it is the shortest. Undefined when none was found.
   */
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
   * Throws a SagaTestError with a history that breaks a promise, or when the exploration is incomplete. With `covered`
   * an incomplete exploration passes when at least this share of the pairs of a step's state and an event was tried;
   * with `disturbances`, when every history with at most this many was explored.
   */
  expectNoBrokenPromise({ covered = 1, disturbances = Infinity }: Enough = {}): this {
    if (this.story !== undefined) throw new SagaTestError(this.story);
    if (this.complete || (covered < 1 && this.covered >= covered)) return this;
    if (this.disturbances !== undefined && this.disturbances >= disturbances) return this;
    const share = `${(100 * this.covered).toFixed(1)} % of ${this.pairs} pairs of a step's state and an event were tried`;
    throw new SagaTestError(
      `No promise was broken in ${this.states} states, but there are more; ${share}. Allow more with maxStates, or fewer ` +
        'tries; or accept less by expectNoBrokenPromise({ covered: 0.99 }) or ({ disturbances: 1 }).',
    );
  }
}
