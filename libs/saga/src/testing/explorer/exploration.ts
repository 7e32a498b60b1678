import { SagaTestError } from '../saga-test-error';

/** What an exploration found, and how much of what can happen it has seen. */
export class Exploration {
  /** How many different states of the saga, its messages, its participants and the world were reached. */
  readonly states: number;
  /** How many different histories lead through them, counting those of at most `depth` events. */
  readonly histories: number;
  /** How many events it takes at most to reach a state. */
  readonly depth: number;
  /** True when every state that can be reached was reached; false when `maxStates` came first. */
  readonly complete: boolean;
  /** The shortest history that breaks a promise, told line by line; undefined when there is none. */
  readonly story: string | undefined;

  constructor(seen: Pick<Exploration, 'states' | 'histories' | 'depth' | 'complete' | 'story'>) {
    this.states = seen.states;
    this.histories = seen.histories;
    this.depth = seen.depth;
    this.complete = seen.complete;
    this.story = seen.story;
  }

  /** Throws a SagaTestError with the shortest history that breaks a promise, or when not everything was seen. */
  expectNoBrokenPromise(): this {
    if (this.story !== undefined) throw new SagaTestError(this.story);
    if (this.complete) return this;
    throw new SagaTestError(
      `No promise was broken in ${this.states} states, but there are more; allow more with maxStates, or fewer tries.`,
    );
  }
}
