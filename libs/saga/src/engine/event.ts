import type { Carried, CommandContract, Direction, Rejection, ReplyOutcome, Parent } from '../contract';
import type { SagaDefinition } from '../definition';

/** An answer names the command it answers, and comes from the topic of one participant. */
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
  /** The participant answered success with a reply that breaks its contract: the effect may be there. */
  | (Answer & { readonly kind: 'broken'; readonly objection: Rejection })
  /** The participant says that nobody can tell what became of it, and never will under this id: the effect may be there. */
  | (Answer & { readonly kind: 'unknown'; readonly objection: Rejection });

interface Operator {
  readonly by: string;
  readonly reason: string;
}

export interface PauseEvent extends Operator {
  readonly kind: 'pause';
}

/** An operator says what they found, or decide what the engine must not decide by itself. */
export type OperatorEvent = PauseEvent | GuidingEvent;

export type GuidingEvent = Operator &
  (
    | { readonly kind: 'resume' | 'retry' | 'cancel' }
    /** What became of a command whose answer is not known. */
    | {
        readonly kind: 'resolve';
        readonly step: string;
        readonly outcome: 'success' | 'failure';
        readonly reply?: unknown;
      }
    /** The step's compensation will not be done: its effect stays. */
    | { readonly kind: 'skip'; readonly step: string }
  );

/** Something from outside that the saga waits for, or will wait for. */
export interface SignalledEvent {
  readonly kind: 'signalled';
  readonly signal: string;
  readonly payload: unknown;
}

/** The parent takes back this child, which may not have begun. */
export interface UndoEvent extends UnderHolds {
  readonly kind: 'undo';
  readonly sagaId: string;
  readonly definition: string;
  readonly version: number;
  readonly subject?: string | undefined;
  readonly carried?: Carried | undefined;
  readonly input: unknown;
  /** The step that takes it back; `commandId` is that of the undo. */
  readonly parent: Parent;
}

/** The orchestrator found something with which this saga cannot go on. */
export interface HaltedEvent {
  readonly kind: 'halted';
  readonly because: 'definition-missing' | 'engine-fault';
  readonly detail: string;
}

/** Something hooked in has reported something about the saga. The history keeps it, and it changes nothing. */
export interface NotedEvent {
  readonly kind: 'noted';
  readonly note: Readonly<Record<string, string>>;
}

/** Holds have ended: the steps that waited for them go on, except for those whose command is still held. */
export interface ReleasedEvent {
  readonly kind: 'released';
}

/** Sends the command of one held step, to find out whether its participant is back. It counts as no attempt and no re-send. */
export interface ProbedEvent {
  readonly kind: 'probed';
  readonly step: string;
}

/** What is held while an event happens: the types of commands, and the names of steps, that nobody should send now. */
export interface UnderHolds {
  readonly held?: readonly string[] | undefined;
}

/** What may happen to a saga. Plain data: the history stores it, and folding the history gives the state. */
export type SagaEvent = UnderHolds & HappenedEvent;

type HappenedEvent =
  | {
      readonly kind: 'started';
      readonly sagaId: string;
      readonly definition: string;
      readonly version: number;
      readonly subject?: string | undefined;
      readonly carried?: Carried | undefined;
      /** Chance, from which its command ids are made. */
      readonly secret?: string | undefined;
      readonly input: unknown;
      /** Set when it cannot go on, for want of its definition unless `because` says otherwise: it is kept, and stands still. */
      readonly halted?: string | undefined;
      readonly because?: HaltedEvent['because'] | undefined;
      readonly parent?: Parent | undefined;
    }
  | AnswerEvent
  | { readonly kind: 'time-passed' }
  /** The definition that a saga stands still for is registered now; one that began before its name had any takes this version. */
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
  /** Set when a failure is not answered with another attempt by itself: the step fails, or its saga pauses. */
  readonly last?: boolean;
  readonly undoes?: string | undefined;
  readonly command: CommandContract;
  readonly payload: object;
  /** The saga that the command starts or takes back. */
  readonly child?: SagaDefinition | undefined;
}

/** What a child that has ended tells the step that waits for it. */
export interface ParentAnswer {
  readonly to: Parent;
  readonly direction: Direction;
  readonly outcome: ReplyOutcome;
  readonly objection?: Rejection | undefined;
}
