/*
 * Every message is one CloudEvents 1.0 JSON document (structured mode). Attributes are lower case, as CloudEvents wants.
 */
import { UnreadableMessageError } from './errors';
import { isUuid, isUuidV7 } from './message-id';

export type Direction = 'action' | 'compensation';
export type Outcome = 'success' | 'refusal' | 'failure';

interface CloudEvent<Data> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly time: string;
  /** Business key, such as the order id. */
  readonly subject?: string | undefined;
  readonly datacontenttype: 'application/json';
  readonly traceparent?: string | undefined;
  readonly sagaid: string;
  readonly data: Data;
}

/** Tells a participant what to do. Re-sent with the same id; a new attempt has a new one. */
export interface Command<Data = unknown> extends CloudEvent<Data> {
  readonly sagastep: string;
  readonly sagadirection: Direction;
  readonly sagaattempt: number;
  /** The topic that the reply goes to. */
  readonly replyto: string;
  /** On a compensation: the id of the command it takes back. */
  readonly undoes?: string | undefined;
}

/** A participant's answer to one command. */
export interface Reply extends CloudEvent<unknown> {
  readonly sagastep: string;
  readonly sagadirection: Direction;
  readonly inreplyto: string;
  readonly outcome: Outcome;
}

/** `data` of a refusal and of a failure. */
export interface Objection {
  readonly reason: string;
  readonly detail?: string | undefined;
}

export const START_SAGA = 'orchestrator.start-saga.v1';

/** Asks the orchestrator to start a saga. A second one with the same saga id changes nothing. */
export type StartSaga = CloudEvent<{ readonly saga: string; readonly input: unknown }>;

export type Envelope = Command | Reply | StartSaga;

export const CONTENT_TYPE = 'application/cloudevents+json';

/** Messages above this are parked unread; a saga's data belongs in databases, its messages carry keys. */
export const MAX_MESSAGE_BYTES = 256 * 1024;

export function commandTopic(service: string): string {
  return `${service}.commands`;
}

/** One per participant, so that access rules can keep participants from answering for each other. */
export function replyTopic(service: string): string {
  return `orchestrator.replies.${service}`;
}

export const ORCHESTRATOR_COMMANDS = commandTopic('orchestrator');
export const DEAD_LETTERS = 'saga.dead-letters';

/** Reads a message's value. Throws an UnreadableMessageError that says what is wrong with it. */
export function parseEnvelope(value: Buffer | null): Envelope {
  if (value === null || value.length === 0) throw new UnreadableMessageError('The message has no value.');
  if (value.length > MAX_MESSAGE_BYTES) {
    throw new UnreadableMessageError(
      `The message has ${value.length} bytes; at most ${MAX_MESSAGE_BYTES} are allowed.`,
    );
  }
  const envelope = parseJson(value);
  if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope))
    throw new UnreadableMessageError('The message is no JSON object.');
  const { specversion, id, type, sagaid } = envelope as Partial<Envelope>;
  if (specversion !== '1.0')
    throw new UnreadableMessageError('The message is no CloudEvent: specversion must be "1.0".');
  if (!isUuidV7(id)) throw new UnreadableMessageError('The attribute id must be a UUIDv7 in lower case.');
  if (typeof type !== 'string') throw new UnreadableMessageError('The attribute type must be a string.');
  if (!isUuid(sagaid)) throw new UnreadableMessageError('The attribute sagaid must be a UUID in lower case.');
  return envelope as Envelope;
}

/** What is wrong with this message as a command; nothing when it is one. */
export function commandProblem(command: Partial<Command>): string | undefined {
  if (typeof command.sagastep !== 'string') return 'The attribute sagastep must be a string.';
  if (command.sagadirection !== 'action' && command.sagadirection !== 'compensation') {
    return 'The attribute sagadirection must be action or compensation.';
  }
  if (typeof command.replyto !== 'string') return 'The attribute replyto must name a topic.';
  if (command.undoes !== undefined && !isUuidV7(command.undoes)) return 'The attribute undoes must be a UUIDv7.';
  return undefined;
}

function parseJson(value: Buffer): unknown {
  try {
    return JSON.parse(value.toString('utf8'));
  } catch {
    throw new UnreadableMessageError('The message is not valid JSON.');
  }
}
