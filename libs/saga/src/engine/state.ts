import type { Carried, Direction, Rejection, Parent } from '../contract';

/**
 * RUNNING → COMPLETED; RUNNING → COMPENSATING → COMPENSATED; both live states ⇄ PAUSED.
 * COMPLETED and COMPENSATED are final; only a child that is COMPLETED may be taken back, by its parent: → COMPENSATING.
 */
export type SagaStatus = 'RUNNING' | 'COMPENSATING' | 'PAUSED' | 'COMPLETED' | 'COMPENSATED';

/**
 * PENDING: not begun. INVOKED: its action is sent, or waits for its next attempt, or its signal is awaited.
 * DONE: it took effect. REFUSED: the business said no. FAILED: attempts used up, certainly without effect.
 * UNKNOWN: no answer, perhaps an effect. SKIPPED: its condition did not hold, or the saga turned back before it.
 * COMPENSATING: its compensation is sent. COMPENSATED: its compensation succeeded.
 * COMPENSATION_SKIPPED: an operator left its effect in place.
 */
export type StepStatus =
  | 'PENDING'
  | 'INVOKED'
  | 'DONE'
  | 'REFUSED'
  | 'FAILED'
  | 'UNKNOWN'
  | 'SKIPPED'
  | 'COMPENSATING'
  | 'COMPENSATED'
  | 'COMPENSATION_SKIPPED';

/** One command and the wait for its answer, or the wait for its next attempt. */
export interface Invocation {
  readonly direction: Direction;
  readonly commandId: string;
  /** 1, 2, … ; every attempt has a command id of its own. */
  readonly attempt: number;
  /** How often this command id was sent. */
  readonly sends: number;
  readonly waitsFor: 'reply' | 'next-attempt';
  /** When to send again, in milliseconds since 1970. */
  readonly wakeAt: number;
  /** What a person is to look into before the next attempt; no answer to another step lets the saga go on without. */
  readonly unknown?: string | undefined;
}

/** A step whose next command is held, because its participant is away. Instants are milliseconds since 1970. */
export interface Held {
  readonly since: number;
  /** When the step looks for itself whether the hold has ended, should nobody tell it. */
  readonly checkAt: number;
}

export interface StepState {
  readonly status: StepStatus;
  /** The last command of the action: what a compensation says it undoes. */
  readonly actionId?: string | undefined;
  readonly exchange?: Invocation | undefined;
  /** Set while its command waits for a hold to end; what `exchange` waits for then has no time. */
  readonly held?: Held | undefined;
  /** Until when its signal is awaited, in milliseconds since 1970. */
  readonly awaitsUntil?: number | undefined;
  readonly reply?: unknown;
  /** Why it was refused, or how it failed last. */
  readonly objection?: Rejection | undefined;
}

/** Why a saga is taken back. */
export interface Cause {
  readonly kind: 'refusal' | 'failure' | 'no-answer' | 'deadline' | 'cancelled' | 'parent';
  readonly step?: string | undefined;
  readonly reason: string;
  readonly detail?: string | undefined;
}

export type PauseReason =
  | 'pivot-unanswered'
  | 'needs-attention'
  | 'unfinished'
  | 'action-forgotten'
  | 'broken-contract'
  | 'outcome-unknown'
  | 'invalid-payload'
  | 'invalid-input'
  | 'invalid-definition'
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

/** Whom a child tells of its end. */
export interface ParentLink extends Parent {
  /** The command by which the parent takes it back, once it does. */
  readonly undoId?: string | undefined;
}

/** Everything the engine knows of a saga. Instants are milliseconds since 1970. */
export interface SagaState {
  readonly id: string;
  readonly definition: string;
  readonly version: number;
  readonly subject?: string | undefined;
  /** Handed on with its messages. */
  readonly carried?: Carried | undefined;
  readonly status: SagaStatus;
  /** What its command ids are made of ({@link commandId}); shown to nobody. Missing in sagas of older releases. */
  readonly secret?: string | undefined;
  readonly input: unknown;
  /** The stage that runs or, while compensating, is undone. */
  readonly stage: number;
  /** How many command ids were given out. */
  readonly commands: number;
  readonly steps: Readonly<Record<string, StepState>>;
  /** How many branches each forEach has that was begun. */
  readonly groups?: Readonly<Record<string, number>> | undefined;
  /** Signals that came before their wait. */
  readonly signals?: Readonly<Record<string, unknown>> | undefined;
  readonly parent?: ParentLink | undefined;
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

/** Whether a step of the saga waits for a hold to end. */
export function isHeldSaga({ steps }: SagaState): boolean {
  return Object.values(steps).some(({ held }) => held !== undefined);
}

/**
 * Where a step stands. A forEach has no state before it has looked for its items: until then it is PENDING, and SKIPPED once
 * the saga has turned back before it.
 */
export function statusOfStep({ steps, status, pause }: SagaState, name: string): StepStatus {
  const turnedBack = [status, pause?.during].some((each) => each === 'COMPENSATING' || each === 'COMPENSATED');
  return steps[name]?.status ?? (turnedBack ? 'SKIPPED' : 'PENDING');
}
