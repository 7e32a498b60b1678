import type { Carried, Direction, Rejection, Parent } from '../contract';

/**
 * RUNNING → COMPLETED; RUNNING → COMPENSATING → COMPENSATED; both live states ⇄ PAUSED.
 * COMPLETED and COMPENSATED are final, with one exception: a parent may compensate a COMPLETED child: → COMPENSATING.
 */
export type SagaStatus = (typeof SAGA_STATUSES)[number];

/** All statuses. */
export const SAGA_STATUSES = ['RUNNING', 'COMPENSATING', 'PAUSED', 'COMPLETED', 'COMPENSATED'] as const;

/**
 * PENDING: not begun. INVOKED: its action is sent, or waits for its next attempt, or its signal is awaited.
 * DONE: it took effect. REFUSED: the business said no. FAILED: attempts used up, certainly without effect.
 * UNKNOWN: no answer, perhaps an effect. SKIPPED: its condition did not hold, or the saga compensated before it.
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

/** A command in flight, or the backoff before its next attempt. */
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
  /**
   * How many more sends or attempts the operator who resumed the saga has granted: when they are used up it pauses again.
   * When absent, the definition decides.
   */
  readonly triesLeft?: number | undefined;
  /** What an operator must check before the next attempt; answers to other steps do not let the saga continue. */
  readonly unknown?: string | undefined;
}

/** A step whose next command is held, because its participant is away. Instants are milliseconds since 1970. */
export interface Held {
  readonly since: number;
  /** When the step checks by itself whether the hold has ended, in case no release reaches it. */
  readonly checkAt: number;
}

/**
 * The state of one step. States are stored as JSON under these keys, so `exchange` (an Invocation) and `objection`
 * (a Rejection) keep their former names, also in the events of the history: instances of the former release read the same
 * rows during a deployment, as orchestrator/stored-state.ts explains for the renamed statuses.
 */
export interface StepState {
  readonly status: StepStatus;
  /** The id of the action's last command; the compensation sends it as `undoes`. */
  readonly actionId?: string | undefined;
  readonly exchange?: Invocation | undefined;
  /** Set while its command waits for a hold to end; `exchange` is then not timed. */
  readonly held?: Held | undefined;
  /** Until when its signal is awaited, in milliseconds since 1970. */
  readonly awaitsUntil?: number | undefined;
  readonly reply?: unknown;
  /** Why it was refused, or how it last failed. */
  readonly objection?: Rejection | undefined;
}

export const CAUSES = ['refusal', 'failure', 'no-answer', 'deadline', 'cancelled', 'parent'] as const;
export type CauseKind = (typeof CAUSES)[number];

/** Why a saga is compensated. */
export interface Cause {
  readonly kind: CauseKind;
  readonly step?: string | undefined;
  readonly reason: string;
  readonly detail?: string | undefined;
}

/** Why a saga is PAUSED; `operator` when an operator paused it. */
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** All reasons. */
export const PAUSE_REASONS = [
  'pivot-unanswered',
  'needs-attention',
  'unfinished',
  'action-forgotten',
  'broken-contract',
  'outcome-unknown',
  'invalid-payload',
  'invalid-input',
  'invalid-definition',
  'definition-missing',
  'engine-fault',
  'operator',
] as const;

/** Why a saga is paused until an operator acts or a late reply arrives. */
export interface Pause {
  readonly reason: PauseReason;
  readonly detail: string;
  readonly during: 'RUNNING' | 'COMPENSATING';
  readonly step?: string | undefined;
  readonly at: number;
}

/** The step that receives the reply when the child has ended. */
export interface ParentLink extends Parent {
  /** The id of the command by which the parent compensates it. */
  readonly undoId?: string | undefined;
}

/** The whole state of a saga. Instants are milliseconds since 1970. */
export interface SagaState {
  readonly id: string;
  readonly definition: string;
  readonly version: number;
  readonly subject?: string | undefined;
  /** Attributes that are passed on with its messages. */
  readonly carried?: Carried | undefined;
  readonly status: SagaStatus;
  /**
   * Random bits from which its command ids are derived (decision 0045); never shown. Missing in sagas of older
   * releases.
   */
  readonly secret?: string | undefined;
  readonly input: unknown;
  /** The stage that runs or, while compensating, is compensated. */
  readonly stage: number;
  /** How many command ids were used. */
  readonly commands: number;
  readonly steps: Readonly<Record<string, StepState>>;
  /** The number of branches of each forEach that has begun. */
  readonly groups?: Readonly<Record<string, number>> | undefined;
  /** Signals that arrived before their wait. */
  readonly signals?: Readonly<Record<string, unknown>> | undefined;
  readonly parent?: ParentLink | undefined;
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  readonly deadlineAt?: number | undefined;
  readonly cause?: Cause | undefined;
  readonly pause?: Pause | undefined;
  /** The next instant at which something is due without a message; undefined only when ended or paused. */
  readonly wakeAt?: number | undefined;
}

export function hasEnded({ status }: SagaState): boolean {
  return status === 'COMPLETED' || status === 'COMPENSATED';
}

/** The steps at which the saga stands: those under way, and the one for which it is paused. None when it has ended. */
export function standingSteps(state: SagaState): string[] {
  const { steps, pause } = state;
  const underWay = Object.keys(steps).filter((name) => UNDER_WAY.has(steps[name]?.status));
  return pause?.step === undefined || underWay.includes(pause.step) ? underWay : [pause.step, ...underWay];
}

const UNDER_WAY: ReadonlySet<StepStatus | undefined> = new Set<StepStatus>(['INVOKED', 'COMPENSATING']);

/** True when a step of the saga waits for a hold to end. */
export function isHeldSaga({ steps }: SagaState): boolean {
  return Object.values(steps).some(({ held }) => held !== undefined);
}

/**
 * Returns the status of a step. A forEach has no state before its items are counted: it is PENDING, or SKIPPED once the
 * saga compensates.
 */
export function statusOfStep({ steps, status, pause }: SagaState, name: string): StepStatus {
  const turnedBack = [status, pause?.during].some((each) => each === 'COMPENSATING' || each === 'COMPENSATED');
  return steps[name]?.status ?? (turnedBack ? 'SKIPPED' : 'PENDING');
}
