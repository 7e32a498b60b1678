import type { DeadLetterSummary } from '../dead-letters';
import type { SagaDefinition, StepDefinition } from '../definition';
import type { SagaState, StepState } from '../engine';
import type { Hold } from '../holds';
import type { Interference } from '../messaging';

/** What is known of a participant. Instants are milliseconds since 1970. */
export interface ParticipantFacts {
  /** When it last answered a command of any saga, as far as the running orchestrators have seen. */
  readonly answeredAt?: number | undefined;
  /** How many members its consumer group has; undefined when the broker did not say. */
  readonly members?: number | undefined;
  /** How many commands it has not processed; undefined when the broker did not say. */
  readonly lag?: number | undefined;
}

/** All that a diagnosis is made from. */
export interface Situation {
  readonly state: SagaState;
  /** The definition with the saga's version; undefined when this instance does not have it. */
  readonly definition: SagaDefinition | undefined;
  readonly now: number;
  /** When the saga last changed. */
  readonly changedAt: number;
  /** What is held of sagas of this definition: types of commands and names of steps. */
  readonly held?: readonly string[] | undefined;
  /** The hold that a held step waits for; undefined when it has ended. */
  readonly holdOn: (step: StepDefinition, state: StepState) => Hold | undefined;
  readonly participants: ReadonlyMap<string, ParticipantFacts>;
  /** Since when commands wait in the outbox to be published, by their ids. */
  readonly unsent: ReadonlyMap<string, number>;
  /** True when the broker did not answer just now. */
  readonly brokerAway?: boolean | undefined;
  /** What is done to its commands by what is hooked in, by their ids; what has happened comes first. */
  readonly interferences?: ReadonlyMap<string, readonly Interference[]> | undefined;
  /** The running orchestrators that have the definition with the saga's version; undefined when it is not known. */
  readonly instances?: readonly string[] | undefined;
  /** The open dead letters of this saga. */
  readonly deadLetters: readonly DeadLetterSummary[];
  /** Why this instance receives or sends no messages; undefined while all is well. */
  readonly problem?: string | undefined;
}
