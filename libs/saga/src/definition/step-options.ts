/* What the builder is told of a saga and of its steps. */
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

/** What a payload mapper sees: the saga's input and the replies of the stages before its own. */
export type Scope<Input, Replies> = { readonly input: Input } & Readonly<Replies>;

/** Why a saga is taken back, as its compensations may tell the people concerned. */
export interface CompensationCause {
  readonly kind: 'refusal' | 'failure' | 'no-answer' | 'deadline' | 'cancelled' | 'parent';
  /** The step it began with; none for a deadline, an operator or a parent saga. */
  readonly step?: string | undefined;
  /** The refusal's reason, or what went wrong. Of an operator's cancel it is `cancelled`: what they wrote stays with the operators. */
  readonly reason: string;
  readonly detail?: string | undefined;
}

/** What a compensation's payload mapper sees besides its step's scope. */
export type CompensationScope<Scoped> = Scoped & { readonly cause: CompensationCause };

/** What a retriable transaction and a compensation must be, or a sentence that says why a command is not that. */
export type Irrefusable<C extends CommandContract> = [RefusalsOf<C>] extends [never]
  ? unknown
  : `This step must succeed in the end, but its command may be refused: ${RefusalsOf<C>}`;

export interface RetryOptions {
  /** @default 5 */
  attempts?: number;
  /** @default exponential('200ms', { cap: '10s' }) */
  backoff?: Backoff;
  /** Pauses a retriable or a compensation after so many tries in vain. @default 20 */
  attentionAfter?: number;
}

/** How patiently a command is sent. */
export interface Patience {
  /** After so long without an answer the same command is sent again. @default 5s */
  timeout?: Duration;
  retry?: RetryOptions;
}

export interface Invoke<C extends CommandContract, Scoped, P extends PayloadOf<C>> extends Patience {
  invoke: C;
  payload: (scope: Scoped) => P & Exact<P, PayloadOf<C>>;
}

export interface InvokeSurely<C extends CommandContract, Scoped, P extends PayloadOf<C>> extends Patience {
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
  /** Takes the action back. `reply` is undefined when the action's answer was never seen: address by business key. */
  compensation: InvokeSurely<K, CompensationScope<Scoped> & { readonly reply: ReplyOf<C> | undefined }, Q>;
}

export interface WaitOptions<S extends SignalContract, Scoped> {
  signal: S;
  /** How long to wait. */
  timeout: Duration;
  /** What is taken for the signal when none came in time. @default the saga turns back */
  otherwise?: (scope: Scoped) => SignalOf<S>;
  /** Why this signal means that the saga turns back, such as `price-declined`; undefined when it goes on. */
  refusal?: (scope: Scoped & { readonly signal: SignalOf<S> }) => string | undefined;
}

/** After the pivot nothing turns back: a signal that does not come must have a default. */
export interface WaitForSure<S extends SignalContract, Scoped> {
  signal: S;
  timeout: Duration;
  otherwise: (scope: Scoped) => SignalOf<S>;
}

export interface ChildOptions<D extends SagaDefinition, Scoped> {
  /** The definition that the child runs on, in this version. */
  saga: D;
  input: (scope: Scoped) => InputOf<D>;
  /** How often the child is asked whether it has ended, should its answer be lost. @default 1m */
  timeout?: Duration;
}

export type InputOf<D> = D extends SagaDefinition<infer Input> ? Input : never;

/** What the mappers of a forEach see besides the scope. */
export type ItemScope<Scoped, Item> = Scoped & { readonly item: Item; readonly index: number };

export interface ForEachOptions {
  /** How many branches are under way at once. @default 10 */
  concurrency?: number;
}

declare const REPLY: unique symbol;
/** One branch of a parallel stage, or of a forEach. */
export interface Branch<Reply> {
  readonly [REPLY]?: Reply;
}

export interface SagaOptions<Input extends object> {
  /** Wire name, such as `place-order`. */
  name: string;
  /** Counts up when a shipped definition changes; the old one stays registered until its sagas have ended. */
  version: number;
  input: Class<Input>;
  /** The name of the orchestrator that runs it. @default 'orchestrator' */
  orchestrator?: string | undefined;
  /** How long the saga may take up to its pivot before it is taken back. @default none */
  deadline?: Duration;
  /** For the commands of all steps that say nothing else. They are part of the definition, as if each step said so. */
  defaults?: Patience;
}
