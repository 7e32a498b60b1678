/* The options of a saga and of its steps. */
import type {
  Class,
  CommandContract,
  Duration,
  Exact,
  PayloadOf,
  ReplyOf,
  SearchAttributes,
  SignalContract,
  SignalOf,
} from '../contract';
import type { SagaDefinition } from './definition';
import type { Compensated, CompensationReads, Irrefusable } from './mistakes';
import type { Backoff } from './retry-policy';

/** What a payload mapper receives: the saga's input and the replies of earlier stages. */
export type Scope<Input, Replies> = { readonly input: Input } & Readonly<Replies>;

/** A scope with the message that the compiler shows when a mapper reads something else. */
export type MapperScope<Message extends string, Input, Replies> = MapperInput<Message, Input> & Readonly<Replies>;

/** Only a member with the message as an argument makes the compiler show it. */
interface MapperInput<_Message extends string, Input> {
  readonly input: Input;
}

/** Why a saga is compensated, as its compensations may report it. */
export interface CompensationCause {
  readonly kind: 'refusal' | 'failure' | 'no-answer' | 'deadline' | 'cancelled' | 'parent';
  /** The step that caused it; none for a deadline, an operator or a parent saga. */
  readonly step?: string | undefined;
  /**
   * The refusal's reason or the kind of failure. For an operator's cancel `cancelled`: the operator's text stays
   * internal.
   */
  readonly reason: string;
  readonly detail?: string | undefined;
}

/** What a compensation's payload mapper receives besides its step's scope. */
export type CompensationScope<Scoped> = { readonly cause: CompensationCause } & Scoped;

/** What it receives when its action is a step of the saga. */
export type StepCompensationScope<Message extends string, Scoped, Reply> = CompensationInput<Message, Reply> & Scoped;

interface CompensationInput<_Message extends string, Reply> {
  readonly cause: CompensationCause;
  readonly reply: Reply | undefined;
}

/** How a command is attempted again after failures. */
export interface RetryOptions {
  /**
   * How often a compensatable step or the pivot is attempted after failures, and how often one command is sent without
   * an answer. @default 5
   */
  attempts?: number;
  /** How long to wait before the next attempt. @default exponential('200ms', { cap: '10s' }) */
  backoff?: Backoff;
  /** Pauses a retriable step or a compensation after this many tries. @default 20 */
  attentionAfter?: number;
}

/** How a command is retried and re-sent. */
export interface CommandOptions {
  /** Sends the same command again after this time without an answer. @default 5s */
  timeout?: Duration;
  /** How it is attempted again after failures. @default 5 attempts, with exponential backoff */
  retry?: RetryOptions;
}

/** A command and its payload. `Accepted` is `C`, or what the compiler says about the step. */
export interface Invoke<
  C extends CommandContract,
  Scoped,
  P extends PayloadOf<C>,
  Accepted = C,
> extends CommandOptions {
  /** The command to send. */
  invoke: Accepted;
  /** Returns the command's payload: a pure function of the scope, because every re-send calls it again. */
  payload: (scope: Scoped) => P & Exact<P, PayloadOf<C>>;
}

/** A command that must succeed in the end, and so must have no refusals. */
export type InvokeSurely<C extends CommandContract, Scoped, P extends PayloadOf<C>, What extends string> = Invoke<
  C,
  Scoped,
  P,
  Irrefusable<C, What>
>;

/** A command with its compensation. */
export interface InvokeCompensatable<
  C extends CommandContract,
  K extends CommandContract,
  Scoped,
  P extends PayloadOf<C>,
  Q extends PayloadOf<K>,
  What extends string,
> extends Invoke<C, Scoped, P, Compensated<C, K, What>> {
  /** Compensates the action. `reply` is undefined when the action's reply never arrived: address by business key. */
  compensation: InvokeSurely<
    K,
    StepCompensationScope<CompensationReads<What>, Scoped, ReplyOf<C>>,
    Q,
    `The compensation of ${Uncapitalize<What>}`
  >;
}

/** What a `wait` before the pivot waits for. */
export interface WaitOptions<S extends SignalContract, Scoped> {
  /** The signal to wait for. */
  signal: S;
  /** How long to wait. */
  timeout: Duration;
  /** The signal's data when none arrived in time. @default the saga compensates */
  otherwise?: (scope: Scoped) => SignalOf<S>;
  /** Returns why this signal makes the saga compensate, such as `price-declined`; undefined when the saga continues. */
  refusal?: (scope: Scoped & { readonly signal: SignalOf<S> }) => string | undefined;
}

/**
 * What a `wait` after the pivot waits for. Nothing is compensated there, so the signal needs a default in case it does
 * not arrive.
 */
export interface WaitForSure<S extends SignalContract, Scoped> {
  /** The signal to wait for. */
  signal: S;
  /** How long to wait. */
  timeout: Duration;
  /** The signal's data when none arrived in time. */
  otherwise: (scope: Scoped) => SignalOf<S>;
}

/** The saga that a `child` runs. `Accepted` is `D`, or what the compiler says about the child. */
export interface ChildOptions<D extends SagaDefinition, Scoped, Accepted = D> {
  /** The definition and version that the child runs. */
  saga: Accepted;
  /** Returns the child's input: a pure function of the scope. */
  input: (scope: Scoped) => InputOf<D>;
  /** How often the child's command is re-sent, in case its reply was lost. @default 1m */
  timeout?: Duration;
}

/** The class of a definition's input. */
export type InputOf<D> = D extends SagaDefinition<infer Input> ? Input : never;

/** What the mappers of a forEach receive besides the scope. */
export type ItemScope<Scoped, Item> = Scoped & { readonly item: Item; readonly index: number };

/** How the branches of a `forEach` run. */
export interface ForEachOptions {
  /** How many branches run at once. @default 10 */
  concurrency?: number;
}

declare const REPLY: unique symbol;
/** A branch of a parallel stage, or of a forEach. */
export interface Branch<Reply> {
  readonly [REPLY]?: Reply;
}

/** The name of a saga, its input, and what holds for all its steps. */
export interface SagaOptions<Input extends object> {
  /** Wire name, such as `place-order`. */
  name: string;
  /** Increased when a shipped definition changes; the old version stays registered until its sagas have ended. */
  version: number;
  /** The class of the input, with class-validator rules. */
  input: Class<Input>;
  /** Returns the values of the input by which operators find the saga, as `defineStart` takes it. @default none */
  attributes?: ((input: Input) => SearchAttributes) | undefined;
  /** The name of the orchestrator that runs it. @default 'orchestrator' */
  orchestrator?: string | undefined;
  /** How long the saga may take up to its pivot before it is compensated. @default none */
  deadline?: Duration;
  /** Defaults for the commands of all steps; they are part of the definition, as if each step had them. */
  defaults?: CommandOptions;
}
