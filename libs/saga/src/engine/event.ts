import type { CommandContract, Direction, Objection } from '../contract';

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
  | (Answer & { readonly kind: 'refused'; readonly objection: Objection })
  | (Answer & { readonly kind: 'failed'; readonly objection: Objection })
  /** The participant answered success with a reply that breaks its contract: the effect may be there. */
  | (Answer & { readonly kind: 'broken'; readonly objection: Objection });

interface Operator {
  readonly by: string;
  readonly reason: string;
}

export interface PauseEvent extends Operator {
  readonly kind: 'pause';
}

/** What a person does to a saga. */
export type OperatorEvent = PauseEvent | (Operator & { readonly kind: 'resume' | 'retry' | 'cancel' });

/** The orchestrator found something with which this saga cannot go on. */
export interface HaltedEvent {
  readonly kind: 'halted';
  readonly because: 'definition-missing' | 'engine-fault';
  readonly detail: string;
}

/** What may happen to a saga. Plain data: the history stores it, and folding the history gives the state. */
export type SagaEvent =
  | {
      readonly kind: 'started';
      readonly sagaId: string;
      readonly definition: string;
      readonly version: number;
      readonly subject?: string | undefined;
      readonly traceparent?: string | undefined;
      readonly input: unknown;
      /** Set when it cannot go on, for want of its definition unless `because` says otherwise: it is kept, and stands still. */
      readonly halted?: string | undefined;
      readonly because?: HaltedEvent['because'] | undefined;
    }
  | AnswerEvent
  | { readonly kind: 'time-passed' }
  /** The definition that a saga stands still for is registered now; one that began before its name had any takes this version. */
  | { readonly kind: 'definition-found'; readonly version: number }
  | OperatorEvent
  | HaltedEvent;

/** A command to send; `again` when this id was sent before. */
export interface SendCommand {
  readonly commandId: string;
  readonly step: string;
  readonly direction: Direction;
  readonly attempt: number;
  readonly again: boolean;
  readonly undoes?: string | undefined;
  readonly command: CommandContract;
  readonly payload: object;
}
