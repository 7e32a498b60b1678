import type { Carried, CommandContract, Direction, Parent, Rejection, ReplyOutcome } from '../contract';
import type { SagaDefinition } from '../definition';
import type { SagaState } from './state';

/** A reply names the command that it answers, and arrives on the reply topic of one participant. */
interface Answer {
  readonly commandId: string;
  readonly step: string;
  readonly direction: Direction;
  /** The participant on whose reply topic it arrived. */
  readonly from: string;
}

export type AnswerEvent =
  | (Answer & { readonly kind: 'replied'; readonly reply: unknown })
  | (Answer & { readonly kind: 'refused'; readonly objection: Rejection })
  | (Answer & { readonly kind: 'failed'; readonly objection: Rejection })
  /** The participant replied success with data that break the contract: it may have taken effect. */
  | (Answer & { readonly kind: 'broken'; readonly objection: Rejection })
  /** The participant does not know the outcome, and never will for this id: it may have taken effect. */
  | (Answer & { readonly kind: 'unknown'; readonly objection: Rejection });

interface Operator {
  readonly by: string;
  readonly reason: string;
}

export interface PauseEvent extends Operator {
  readonly kind: 'pause';
}

/** An operator reports a finding, or makes a decision that the engine must not make itself. */
export type OperatorEvent = PauseEvent | GuidingEvent;

export type GuidingEvent = Operator &
  (
    | { readonly kind: 'retry' | 'cancel' }
    /** The most tries of each command that must succeed, or is the pivot's, before the saga pauses again. */
    | { readonly kind: 'resume'; readonly attempts?: number | undefined }
    /** The outcome of a command that was not answered. */
    | {
        readonly kind: 'resolve';
        readonly step: string;
        readonly outcome: 'success' | 'failure';
        readonly reply?: unknown;
      }
    /** The step is not compensated: its effect stays. */
    | { readonly kind: 'skip'; readonly step: string }
  );

/** A signal from outside that the saga waits for now or later. */
export interface SignalledEvent {
  readonly kind: 'signalled';
  readonly signal: string;
  readonly payload: unknown;
}

/** The parent compensates this child, which may not have begun. */
export interface UndoEvent extends UnderHolds {
  readonly kind: 'undo';
  readonly sagaId: string;
  readonly definition: string;
  readonly version: number;
  readonly subject?: string | undefined;
  readonly carried?: Carried | undefined;
  readonly input: unknown;
  /** The step that compensates it; `commandId` is that of the compensation. */
  readonly parent: Parent;
}

/** The orchestrator found a reason why this saga cannot continue. */
export interface HaltedEvent {
  readonly kind: 'halted';
  readonly because: 'definition-missing' | 'engine-fault';
  readonly detail: string;
}

/** A hook reported something about the saga; recorded without any change. */
export interface NotedEvent {
  readonly kind: 'noted';
  readonly note: Readonly<Record<string, string>>;
}

/** Holds have ended: the waiting steps continue, except for those whose command is still held. */
export interface ReleasedEvent {
  readonly kind: 'released';
}

/**
 * Sends the command of one held step, to find out whether its participant is back. Counts as neither attempt nor
 * re-send.
 */
export interface ProbedEvent {
  readonly kind: 'probed';
  readonly step: string;
}

/** What is held while an event happens: types of commands and names of steps that must not be sent now. */
export interface UnderHolds {
  readonly held?: readonly string[] | undefined;
}

/** What may happen to a saga. Plain data: the history stores it, and folding the history returns the state. */
export type SagaEvent = UnderHolds & HappenedEvent;

type HappenedEvent =
  | {
      readonly kind: 'started';
      readonly sagaId: string;
      readonly definition: string;
      readonly version: number;
      readonly subject?: string | undefined;
      readonly carried?: Carried | undefined;
      /** Random; the command ids are derived from it. */
      readonly secret?: string | undefined;
      readonly input: unknown;
      /**
       * Set when it cannot continue, because its definition is missing unless `because` says otherwise: it is stored as
       * paused.
       */
      readonly halted?: string | undefined;
      readonly because?: HaltedEvent['because'] | undefined;
      readonly parent?: Parent | undefined;
    }
  | AnswerEvent
  | { readonly kind: 'time-passed' }
  /**
   * The missing definition is registered again; a saga that began before any version was registered takes this version.
   */
  | { readonly kind: 'definition-found'; readonly version: number }
  | OperatorEvent
  | SignalledEvent
  | UndoEvent
  | HaltedEvent
  | NotedEvent
  | ReleasedEvent
  | ProbedEvent;

/** A command to send; `again` when this id was sent before. */
export interface SendCommand {
  readonly commandId: string;
  readonly step: string;
  readonly direction: Direction;
  readonly attempt: number;
  readonly again: boolean;
  /** Set when a failure is not followed by another attempt automatically: the step fails, or its saga pauses. */
  readonly last?: boolean;
  readonly undoes?: string | undefined;
  readonly command: CommandContract;
  readonly payload: object;
  /** The saga that the command starts or compensates. */
  readonly child?: SagaDefinition | undefined;
}

/** What an ended child reports to the step that waits for it. */
export interface ParentAnswer {
  readonly to: Parent;
  readonly direction: Direction;
  readonly outcome: ReplyOutcome;
  readonly objection?: Rejection | undefined;
}

/** Why an event changed nothing. */
export type Ignored =
  | 'already-started'
  | 'saga-ended'
  | 'unknown-step'
  | 'foreign-reply'
  | 'foreign-parent'
  | 'not-awaited'
  | 'nothing-due'
  | 'nothing-held'
  | 'not-paused'
  | 'already-paused'
  | 'definition-not-missed'
  | 'past-the-pivot'
  | 'already-turning-back'
  | 'nothing-to-resolve'
  | 'nothing-to-skip'
  | 'must-succeed'
  | 'invalid-reply'
  | 'unknown-signal'
  | 'already-signalled'
  | 'invalid-signal';

/** What an event makes of a saga. */
export interface TransitionResult {
  readonly state: SagaState;
  readonly sends: readonly SendCommand[];
  /** What an ended child reports to its parent. */
  readonly answer?: ParentAnswer | undefined;
  readonly ignored?: Ignored | undefined;
}
