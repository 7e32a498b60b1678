/*
 * The points at which something may be hooked into the handling of a saga's messages, such as faults on demand. When nothing
 * is, the injected value is undefined, and a point costs one comparison (decision 0051).
 */
import type { PoolClient } from 'pg';
import { carriedBy, isUuid, type Carried, type Command, type Envelope, type Refusal, type Reply } from '../contract';
import type { Direction } from '../contract';
import type { Transport } from './transport';

/** What is known of a message at a point. */
export interface HookContext {
  /** Of a reply, the id of the command that it answers. */
  readonly messageId: string;
  readonly sagaId: string;
  readonly subject?: string | undefined;
  /** Without its version; of a reply, the command that it answers. */
  readonly command: string;
  readonly direction?: Direction | undefined;
  readonly attempt?: number | undefined;
  readonly carried?: Carried | undefined;
}

/** What is hooked in. Each hook may take its time; one that throws makes the work at its point fail. */
export interface Hooks {
  /** The transport, with what is hooked into the messages that come and go. */
  wrapTransport(transport: Transport): Transport;
  /** Called before a command's handler, in its transaction. A refusal is answered in the handler's place. */
  beforeHandler(context: HookContext): Promise<Refusal | undefined>;
  /** Called in the transaction that the message is part of, when all else in it is done. */
  beforeCommit(context: HookContext): Promise<void>;
  /** Called when that transaction has been committed, before what it has decided is published. */
  afterCommit(context: HookContext): Promise<void>;
  /** What a saga's messages will carry of what its starter asks for. Throws for what cannot be. */
  carry(asked: Carried): Carried;
}

/** Provides {@link Hooks} to the modules of the library; absent when nothing is hooked in, as in production. */
export const HOOKS = Symbol.for('palinode.hooks');

/** What a hook reports of a saga, such as what it did to a message. The history stores and shows it as it is. */
export interface HistoryNote extends Readonly<Record<string, string>> {
  readonly kind: string;
}

/** Writes what hooks report into the histories of sagas. */
export interface HistoryRecorder {
  /** Writes the note unless one with this id in it is there; false while there is no such saga. */
  note(sagaId: string, id: string, note: HistoryNote): Promise<boolean>;
}

/** Provides the {@link HistoryRecorder} of the orchestrator. */
export const HISTORY_RECORDER = Symbol.for('palinode.history-recorder');

/** A command of a saga, as something that is hooked in may meet it. */
export interface ExposedCommand extends HookContext {
  /** The participant that handles it. */
  readonly service: string;
}

/** What something that is hooked in has done to a command, or would do. */
export interface Interference {
  /** A sentence without its full stop. */
  readonly what: string;
  /** The same: how it is ended, or who asked for it. */
  readonly remedy: string;
  /** False when it would happen. */
  readonly hasHappened: boolean;
}

/** Knows what is done to the commands of sagas by what is hooked in. */
export interface InterferenceFinder {
  /** What concerns these commands, by their `messageId`; what has happened comes first. */
  find(commands: readonly ExposedCommand[]): Promise<ReadonlyMap<string, readonly Interference[]>>;
}

/** Provides the {@link InterferenceFinder}; absent when nothing is hooked in, as in production. */
export const INTERFERENCE_FINDER = Symbol.for('palinode.interference-finder');

/** A change that an operator makes to what is hooked in. */
export interface HookChange {
  readonly action: string;
  /** What is changed: its kind and its id. */
  readonly target: string;
  readonly targetId: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Records a change in the operator log, as the last statement of the change's own transaction. */
export type RecordHookChange = (client: Pick<PoolClient, 'query'>, change: HookChange) => Promise<void>;

/** Knows who may change what is hooked in. */
export interface HookOperators {
  /** Finds out who makes an HTTP request, and returns what records changes in their name. Throws when they may not. */
  admit(request: object): Promise<RecordHookChange>;
}

/** Provides the {@link HookOperators} of the admin API. */
export const HOOK_OPERATORS = Symbol.for('palinode.hook-operators');

export function hookContext(envelope: Envelope): HookContext {
  const { id, sagaid, subject, type } = envelope;
  const { inreplyto, sagadirection, sagaattempt } = envelope as Partial<Command & Reply>;
  return {
    messageId: isUuid(inreplyto) ? inreplyto : id,
    sagaId: sagaid,
    subject,
    command: type.replace(/(\.reply)?\.v\d+$/, ''),
    direction: sagadirection,
    attempt: sagaattempt,
    carried: carriedBy(envelope),
  };
}
