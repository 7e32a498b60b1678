import type { Direction, Objection } from '../contract';

/**
 * RUNNING → COMPLETED; RUNNING → COMPENSATING → COMPENSATED; both live states ⇄ PAUSED.
 * COMPLETED and COMPENSATED are final.
 */
export type SagaStatus = 'RUNNING' | 'COMPENSATING' | 'PAUSED' | 'COMPLETED' | 'COMPENSATED';

/**
 * PENDING: not begun. INVOKED: its action is sent, or waits for its next attempt. DONE: it took effect.
 * REFUSED: the business said no. FAILED: attempts used up, certainly without effect. UNKNOWN: no answer, perhaps an effect.
 * SKIPPED: the saga turned back before it. UNDOING: its compensation is on the way. UNDONE: taken back.
 */
export type StepStatus =
  'PENDING' | 'INVOKED' | 'DONE' | 'REFUSED' | 'FAILED' | 'UNKNOWN' | 'SKIPPED' | 'UNDOING' | 'UNDONE';

/** One command and the wait for its answer, or the wait for its next attempt. */
export interface Exchange {
  readonly direction: Direction;
  readonly commandId: string;
  /** 1, 2, … ; every attempt has a command id of its own. */
  readonly attempt: number;
  /** How often this command id was sent. */
  readonly sends: number;
  readonly waitsFor: 'reply' | 'next-attempt';
  /** When to send again, in milliseconds since 1970. */
  readonly wakeAt: number;
}

export interface StepState {
  readonly status: StepStatus;
  /** The last command of the action: what a compensation says it undoes. */
  readonly actionId?: string | undefined;
  readonly exchange?: Exchange | undefined;
  readonly reply?: unknown;
  /** Why it was refused, or how it failed last. */
  readonly objection?: Objection | undefined;
}

/** Why a saga is taken back. */
export interface Cause {
  readonly kind: 'refusal' | 'failure' | 'no-answer' | 'deadline' | 'cancelled';
  readonly step?: string | undefined;
  readonly reason: string;
  readonly detail?: string | undefined;
}

export type PauseReason =
  | 'pivot-unanswered'
  | 'needs-attention'
  | 'broken-contract'
  | 'invalid-payload'
  | 'invalid-input'
  | 'definition-missing'
  | 'engine-fault'
  | 'operator';

/** Why a saga stands still until somebody, or a late answer, moves it on. */
export interface Pause {
  readonly reason: PauseReason;
  readonly detail: string;
  readonly during: 'RUNNING' | 'COMPENSATING';
  readonly step?: string | undefined;
  readonly at: number;
}

/** Everything the engine knows of a saga. Instants are milliseconds since 1970. */
export interface SagaState {
  readonly id: string;
  readonly definition: string;
  readonly version: number;
  readonly subject?: string | undefined;
  readonly traceparent?: string | undefined;
  readonly status: SagaStatus;
  readonly input: unknown;
  /** The stage that runs or, while compensating, is undone. */
  readonly stage: number;
  /** How many command ids were given out. */
  readonly commands: number;
  readonly steps: Readonly<Record<string, StepState>>;
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  readonly deadlineAt?: number | undefined;
  readonly cause?: Cause | undefined;
  readonly pause?: Pause | undefined;
  /** The next instant at which something is due although no message came; undefined only when ended or paused. */
  readonly wakeAt?: number | undefined;
}

export function hasEnded({ status }: SagaState): boolean {
  return status === 'COMPLETED' || status === 'COMPENSATED';
}
