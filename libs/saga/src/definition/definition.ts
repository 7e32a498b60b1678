import type { Class, CommandContract, SignalContract } from '../contract';
import type { Backoff } from './retry-policy';

/**
 * The kind of transaction a step is (Richardson, Microservices Patterns, chapter 4).
 * `compensation`: its action took place in the service that started the saga; only taking it back is left to do.
 * `wait`: nothing is sent; the saga stands until somebody outside gives it a signal.
 */
export type StepKind = 'compensation' | 'compensatable' | 'pivot' | 'retriable' | 'wait';

/** A command to send: which, with what, and how patiently. */
export interface CommandSpec {
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

/** What a `wait` waits for, how long, and what it makes of it. All functions are pure functions of the scope. */
export interface Wait {
  readonly signal: SignalContract;
  readonly timeoutMs: number;
  /** What is taken for the signal when none came in time; without it, the saga turns back. */
  readonly otherwise?: ((scope: never) => object) | undefined;
  /** Why this signal means that the saga turns back; undefined when it means to go on. */
  readonly refusal?: ((scope: never) => string | undefined) | undefined;
}

/** A stage of one branch for each of these items. */
export interface ForEach {
  readonly items: (scope: never) => readonly unknown[];
  /** How many branches are under way at once. */
  readonly concurrency: number;
}

export interface StepDefinition {
  readonly name: string;
  readonly kind: StepKind;
  readonly action?: CommandSpec | undefined;
  readonly compensation?: CommandSpec | undefined;
  /** Whether the step runs at all, a pure function of the scope; without it, it does. */
  readonly when?: ((scope: never) => boolean) | undefined;
  readonly wait?: Wait | undefined;
  readonly forEach?: ForEach | undefined;
  /** The saga that the action starts, and whose end is the answer. */
  readonly child?: SagaDefinition | undefined;
  /** Which branch of a forEach this is. */
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
  /** The name of the orchestrator that runs it; undefined for the default one. */
  readonly orchestrator?: string | undefined;
  /** How long the saga may take up to its pivot before it is taken back, in milliseconds. */
  readonly deadlineMs?: number | undefined;
  readonly stages: readonly StageDefinition[];
}

/** A definition without pivot and retriables: its sagas can be taken back even when they are completed. */
export interface ReversibleDefinition<Input extends object = object> extends SagaDefinition<Input> {
  readonly reversible: true;
}

/** All steps as they are defined: those of a forEach once, whatever the number of its items. */
export function stepsOf(definition: SagaDefinition): readonly StepDefinition[] {
  return definition.stages.flatMap((stage) => stage.steps);
}

/** The commands that sagas of this definition may send, compensations included. */
export function commandsOf(definition: SagaDefinition): readonly CommandContract[] {
  return stepsOf(definition).flatMap(({ action, compensation }) =>
    [action, compensation].flatMap((commandSpec) => commandSpec?.command ?? []),
  );
}
