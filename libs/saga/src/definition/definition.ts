import type { Class, CommandContract, SearchAttributes, SignalContract } from '../contract';
import type { Backoff } from './retry-policy';

/**
 * The kind of transaction a step is (Richardson, Microservices Patterns, chapter 4).
 * `compensation`: its action took place in the service that started the saga; only its compensation remains.
 * `wait`: nothing is sent; the saga waits for a signal from outside.
 */
export type StepKind = 'compensation' | 'compensatable' | 'pivot' | 'retriable' | 'wait';

/** A command to send: its contract, its payload, and its timeout and retries. */
export interface CommandSpec {
  readonly command: CommandContract;
  /** A pure function of the scope; every re-send calls it again. */
  readonly payload: (scope: never) => object;
  /** How long to wait for a reply before the same command is sent again, in milliseconds. */
  readonly timeoutMs: number;
  /** How often it is attempted after failures, and how often one command is sent without an answer. */
  readonly attempts: number;
  readonly backoff: Backoff;
  /**
   * Retriable steps and compensations are retried without limit; after this many tries the saga pauses for an operator.
   */
  readonly attentionAfter: number;
}

/** The signal of a `wait`, its timeout, and how its data decides. All functions are pure functions of the scope. */
export interface Wait {
  readonly signal: SignalContract;
  /** In milliseconds. */
  readonly timeoutMs: number;
  /** The signal's data when none arrived in time; without it, the saga compensates. */
  readonly otherwise?: ((scope: never) => object) | undefined;
  /** Returns why this signal makes the saga compensate; undefined when the saga continues. */
  readonly refusal?: ((scope: never) => string | undefined) | undefined;
}

/** A stage with one branch per item. */
export interface ForEach {
  /** A pure function of the scope; at most 200 items. */
  readonly items: (scope: never) => readonly unknown[];
  /** How many branches run at once. */
  readonly concurrency: number;
}

/** One step of a definition: what it sends, and when. */
export interface StepDefinition {
  readonly name: string;
  readonly kind: StepKind;
  readonly action?: CommandSpec | undefined;
  readonly compensation?: CommandSpec | undefined;
  /** Decides whether the step runs, as a pure function of the scope; without it, the step runs. */
  readonly when?: ((scope: never) => boolean) | undefined;
  readonly wait?: Wait | undefined;
  readonly forEach?: ForEach | undefined;
  /** The saga that the action starts; the end of that saga is the reply. */
  readonly child?: SagaDefinition | undefined;
  /** The branch of a forEach that this step is. */
  readonly branch?: { readonly of: StepDefinition; readonly index: number } | undefined;
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
  /** Returns the values by which its sagas are found, as a pure function of the input. */
  readonly attributes?: ((input: never) => SearchAttributes) | undefined;
  /** The name of the orchestrator that runs it; undefined for the default one. */
  readonly orchestrator?: string | undefined;
  /** How long the saga may take up to its pivot before it is compensated, in milliseconds. */
  readonly deadlineMs?: number | undefined;
  readonly stages: readonly StageDefinition[];
}

/** A definition without pivot and retriable steps: even its completed sagas can be compensated. */
export interface ReversibleDefinition<Input extends object = object> extends SagaDefinition<Input> {
  readonly reversible: true;
}

/** Returns all steps as defined: a forEach once, for any number of items. */
export function stepsOf(definition: SagaDefinition): readonly StepDefinition[] {
  return definition.stages.flatMap((stage) => stage.steps);
}

/** Returns the commands that sagas of this definition may send, compensations included. */
export function commandsOf(definition: SagaDefinition): readonly CommandContract[] {
  return stepsOf(definition).flatMap(({ action, compensation }) =>
    [action, compensation].flatMap((commandSpec) => commandSpec?.command ?? []),
  );
}
