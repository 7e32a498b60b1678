import type { Class, CommandContract } from '../contract';
import type { Backoff } from './retry-policy';

/**
 * The kind of transaction a step is (Richardson, Microservices Patterns, chapter 4).
 * `compensation`: its action took place in the service that started the saga; only taking it back is left to do.
 */
export type StepKind = 'compensation' | 'compensatable' | 'pivot' | 'retriable';

/** A command to send: which, with what, and how patiently. */
export interface Invocation {
  readonly command: CommandContract;
  /** A pure function of the scope; it runs again for every re-send. */
  readonly payload: (scope: never) => object;
  /** How long to wait for a reply before the same command is sent again, in milliseconds. */
  readonly timeoutMs: number;
  /** How often it is attempted after failures, and how often one command is sent when no answer comes. */
  readonly attempts: number;
  readonly backoff: Backoff;
  /** Retriables and compensations never give up; after so many tries in vain the saga pauses for a person to look. */
  readonly attentionAfter: number;
}

export interface StepDefinition {
  readonly name: string;
  readonly kind: StepKind;
  readonly action?: Invocation | undefined;
  readonly compensation?: Invocation | undefined;
}

/** Steps that run together and settle as a whole. */
export interface StageDefinition {
  readonly steps: readonly StepDefinition[];
}

/** A saga definition as plain data: what the engine runs and the console draws. */
export interface SagaDefinition<Input extends object = object> {
  readonly name: string;
  readonly version: number;
  readonly input: Class<Input>;
  /** How long the saga may take up to its pivot before it is taken back, in milliseconds. */
  readonly deadlineMs?: number | undefined;
  readonly stages: readonly StageDefinition[];
}

export function stepsOf(definition: SagaDefinition): readonly StepDefinition[] {
  return definition.stages.flatMap((stage) => stage.steps);
}
