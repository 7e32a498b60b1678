/* The options of a saga and of its steps. */
import type {
  Class,
  CommandContract,
  Duration,
  Exact,
  PayloadOf,
  RefusalsOf,
  ReplyOf,
  SignalContract,
  SignalOf,
} from '../contract';
import type { SagaDefinition } from './definition';
import type { Backoff } from './retry-policy';

/** What a payload mapper receives: the saga's input and the replies of earlier stages. */
export type Scope<Input, Replies> = { readonly input: Input } & Readonly<Replies>;

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
export type CompensationScope<Scoped> = Scoped & { readonly cause: CompensationCause };

/**
 * The type of a command for retriable transactions and compensations; for other commands a sentence that says why not.
 */
export type Irrefusable<C extends CommandContract> = [RefusalsOf<C>] extends [never]
  ? unknown
  : `This step must succeed in the end, but its command may be refused: ${RefusalsOf<C>}`;

export interface RetryOptions {
  /** @default 5 */
  attempts?: number;
  /** @default exponential('200ms', { cap: '10s' }) */
  backoff?: Backoff;
  /** Pauses a retriable step or a compensation after this many tries. @default 20 */
  attentionAfter?: number;
}

/** How a command is retried and re-sent. */
export interface CommandOptions {
  /** Sends the same command again after this time without an answer. @default 5s */
  timeout?: Duration;
  retry?: RetryOptions;
}

export interface Invoke<C extends CommandContract, Scoped, P extends PayloadOf<C>> extends CommandOptions {
  invoke: C;
  payload: (scope: Scoped) => P & Exact<P, PayloadOf<C>>;
}

export interface InvokeSurely<C extends CommandContract, Scoped, P extends PayloadOf<C>> extends CommandOptions {
  invoke: C & Irrefusable<C>;
  payload: (scope: Scoped) => P & Exact<P, PayloadOf<C>>;
}

export interface InvokeCompensatable<
  C extends CommandContract,
  K extends CommandContract,
  Scoped,
  P extends PayloadOf<C>,
  Q extends PayloadOf<K>,
> extends Invoke<C, Scoped, P> {
  /** Compensates the action. `reply` is undefined when the action's reply never arrived: address by business key. */
  compensation: InvokeSurely<K, CompensationScope<Scoped> & { readonly reply: ReplyOf<C> | undefined }, Q>;
}

export interface WaitOptions<S extends SignalContract, Scoped> {
  signal: S;
  /** How long to wait. */
  timeout: Duration;
  /** The signal's data when none arrived in time. @default the saga compensates */
  otherwise?: (scope: Scoped) => SignalOf<S>;
  /** Returns why this signal makes the saga compensate, such as `price-declined`; undefined when the saga continues. */
  refusal?: (scope: Scoped & { readonly signal: SignalOf<S> }) => string | undefined;
}

/** After the pivot nothing is compensated, so a signal needs a default in case it does not arrive. */
export interface WaitForSure<S extends SignalContract, Scoped> {
  signal: S;
  timeout: Duration;
  otherwise: (scope: Scoped) => SignalOf<S>;
}

export interface ChildOptions<D extends SagaDefinition, Scoped> {
  /** The definition and version that the child runs. */
  saga: D;
  input: (scope: Scoped) => InputOf<D>;
  /** How often the child's command is re-sent, in case its reply was lost. @default 1m */
  timeout?: Duration;
}

export type InputOf<D> = D extends SagaDefinition<infer Input> ? Input : never;

/** What the mappers of a forEach receive besides the scope. */
export type ItemScope<Scoped, Item> = Scoped & { readonly item: Item; readonly index: number };

export interface ForEachOptions {
  /** How many branches run at once. @default 10 */
  concurrency?: number;
}

declare const REPLY: unique symbol;
/** A branch of a parallel stage, or of a forEach. */
export interface Branch<Reply> {
  readonly [REPLY]?: Reply;
}

export interface SagaOptions<Input extends object> {
  /** Wire name, such as `place-order`. */
  name: string;
  /** Increased when a shipped definition changes; the old version stays registered until its sagas have ended. */
  version: number;
  input: Class<Input>;
  /** The name of the orchestrator that runs it. @default 'orchestrator' */
  orchestrator?: string | undefined;
  /** How long the saga may take up to its pivot before it is compensated. @default none */
  deadline?: Duration;
  /** Defaults for the commands of all steps; they are part of the definition, as if each step had them. */
  defaults?: CommandOptions;
}
