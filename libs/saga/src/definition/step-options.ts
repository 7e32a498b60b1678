/* What the builder is told of a saga and of its steps. */
import type { Class, CommandContract, PayloadOf, ReplyOf } from '../contract';
import type { Duration } from './duration';
import type { Backoff } from './retry-policy';

/** What a payload mapper sees: the saga's input and the replies of the stages before its own. */
export type Scope<Input, Replies> = { readonly input: Input } & Readonly<Replies>;

/** Why a saga is taken back, as its compensations may tell the people concerned. */
export interface CompensationCause {
  readonly kind: 'refusal' | 'failure' | 'no-answer' | 'deadline' | 'cancelled';
  /** The step it began with; none for a deadline or an operator. */
  readonly step?: string | undefined;
  /** The refusal's reason, or what went wrong. */
  readonly reason: string;
  readonly detail?: string | undefined;
}

/** What a compensation's payload mapper sees besides its step's scope. */
export type CompensationScope<Scoped> = Scoped & { readonly cause: CompensationCause };

/** A command that cannot be refused: what a retriable transaction and a compensation must be. */
export type Irrefusable = CommandContract<object, object | undefined, never>;

export interface RetryOptions {
  /** @default 5 */
  attempts?: number;
  /** @default exponential('200ms', { cap: '10s' }) */
  backoff?: Backoff;
  /** Pauses a retriable or a compensation after so many tries in vain. @default 20 */
  attentionAfter?: number;
}

export interface Invoke<C extends CommandContract, Scoped> {
  invoke: C;
  payload: (scope: Scoped) => PayloadOf<C>;
  /** After so long without an answer the same command is sent again. @default 5s */
  timeout?: Duration;
  retry?: RetryOptions;
}

export interface InvokeCompensatable<C extends CommandContract, K extends Irrefusable, Scoped> extends Invoke<
  C,
  Scoped
> {
  /** Takes the action back. `reply` is undefined when the action's answer was never seen: address by business key. */
  compensation: Invoke<K, CompensationScope<Scoped> & { readonly reply: ReplyOf<C> | undefined }>;
}

declare const REPLY: unique symbol;
/** One branch of a parallel stage. */
export interface Branch<Reply> {
  readonly [REPLY]?: Reply;
}

export interface SagaOptions<Input extends object> {
  /** Wire name, such as `place-order`. */
  name: string;
  /** Counts up when a shipped definition changes; the old one stays registered until its sagas have ended. */
  version: number;
  input: Class<Input>;
  /** How long the saga may take up to its pivot before it is taken back. @default none */
  deadline?: Duration;
}
