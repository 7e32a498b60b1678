/*
 * The envelope of all messages: a CloudEvents 1.0 JSON document in structured mode, with its attributes in lower case.
 */
import { CARRIED_NAMES, type Carried } from './carried';
import { ForbiddenTextError, MessageTooLargeError, UnreadableMessageError } from './errors';
import { canonicalId, instantOf, isUuid, isUuidV7 } from './message-id';
import { isAllowedText, jsonProblem } from './text';

/** Whether a command does something for a saga, or takes it back. */
export type Direction = 'action' | 'compensation';
/**
 * `unknown`: the participant cannot know whether the command took effect; the orchestrator stops waiting for a reply.
 */
export type ReplyOutcome = 'success' | 'refusal' | 'failure' | 'unknown';

export interface CloudEvent<Data> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly time: string;
  /** Business key, such as the order id. */
  readonly subject?: string | undefined;
  readonly datacontenttype: 'application/json';
  /** The URI of the schema of `data`: `urn:palinode:schema:<type>`. */
  readonly dataschema?: string | undefined;
  readonly traceparent?: string | undefined;
  readonly data: Data;
}

interface SagaMessage<Data> extends CloudEvent<Data>, Carried {
  readonly sagaid: string;
}

/** A message that tells a participant what to do. A re-send has the same id; a new attempt has a new one. */
export interface Command<Data = unknown> extends SagaMessage<Data> {
  readonly sagastep: string;
  readonly sagadirection: Direction;
  readonly sagaattempt: number;
  /** Set when this attempt is not followed by another automatically; its failure needs a person's decision. */
  readonly sagalastattempt?: boolean | undefined;
  /** The topic that the reply goes to. */
  readonly replyto: string;
  /** On a compensation: the id of the command that it compensates. */
  readonly undoes?: string | undefined;
}

/** A participant's answer to one command. */
export interface Reply extends SagaMessage<unknown> {
  readonly sagastep: string;
  readonly sagadirection: Direction;
  readonly inreplyto: string;
  readonly outcome: ReplyOutcome;
}

/** `data` of a refusal, a failure and an unknown outcome. */
export interface Rejection {
  readonly reason: string;
  readonly detail?: string | undefined;
  /** On a failure: its transaction was rolled back, but a third party that it called has acted. */
  readonly unfinished?: boolean | undefined;
}

/** The reason of a failed compensation whose action is older than the participant's inbox remembers. */
export const ACTION_FORGOTTEN = 'action-forgotten';

export const START_SAGA = 'orchestrator.start-saga.v1';
export const UNDO_SAGA = 'orchestrator.undo-saga.v1';
export const SIGNAL_SAGA = 'orchestrator.signal-saga.v1';

/** The step of another saga that waits for the end of this one, and the command that started this one. */
export interface Parent {
  readonly sagaId: string;
  readonly step: string;
  readonly commandId: string;
}

/** Requests the start of a saga. A second start with the same saga id changes nothing. */
export type StartSaga = SagaMessage<{
  readonly saga: string;
  /** @default the newest registered version */
  readonly version?: number | undefined;
  readonly input: unknown;
  readonly parent?: Parent | undefined;
}>;

/** Requests the compensation of a child saga; a child that has not begun will then never begin. */
export type UndoSaga = SagaMessage<{
  readonly saga: string;
  readonly version: number;
  readonly input: unknown;
  readonly parent: Parent;
}>;

/** Gives a saga a signal. The saga may wait for it now or later. */
export type SignalSaga = SagaMessage<{ readonly signal: string; readonly payload: unknown }>;

export type Envelope = Command | Reply | StartSaga | UndoSaga | SignalSaga;

/** An event that a service publishes to its subscribers. Events of one subject keep the order of their commits. */
export interface DomainEvent<Data = unknown> extends CloudEvent<Data> {
  /** Business key; events of one subject keep their order. */
  readonly subject: string;
}

export const CONTENT_TYPE = 'application/cloudevents+json';

/** Larger messages are dead-lettered unread; a saga's data belongs in databases, its messages carry keys. */
export const MAX_MESSAGE_BYTES = 256 * 1024;

/** Deeper data could not be written as JSON again, so a message with them could never be answered. */
const MAX_DEPTH = 64;

/** Business keys and names are indexed, and PostgreSQL refuses an index entry of 2.7 kB. */
export const MAX_KEY_LENGTH = 512;

/** The end of the last year that PostgreSQL and ISO 8601 write with four digits. */
const END_OF_TIME = Date.UTC(10_000, 0);

/** Parses a saga's message. Throws an UnreadableMessageError that says what is wrong with it. */
export function parseEnvelope(value: Buffer | null): Envelope {
  return asEnvelope(parseDocument(value));
}

/** Parses any message that is a JSON object, after checking that its size and depth are within the limits. */
export function parseDocument(value: Buffer | null): object {
  if (value === null || value.length === 0) throw new UnreadableMessageError('no-value', 'The message has no value.');
  if (value.length > MAX_MESSAGE_BYTES) {
    throw new UnreadableMessageError(
      'too-large',
      `The message has ${value.length} bytes; at most ${MAX_MESSAGE_BYTES} are allowed.`,
    );
  }
  const problem = jsonProblem(value, MAX_DEPTH);
  if (problem === 'too-deep')
    throw new UnreadableMessageError(problem, `The message is nested deeper than ${MAX_DEPTH}.`);
  const document = parseJson(value);
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw new UnreadableMessageError('no-envelope', 'The message is not a JSON object.');
  if (problem === undefined) return document;
  const why = 'The message has text with NUL or half a surrogate pair.';
  throw new UnreadableMessageError('forbidden-text', why, document);
}

/**
 * Returns the attributes that can be read of any message, to identify its sender and saga; empty when none can be read.
 */
export function readLoosely(value: Buffer | null): object {
  try {
    return parseDocument(value);
  } catch (error) {
    return (error instanceof UnreadableMessageError && error.document) || {};
  }
}

/** Returns the object as an envelope. Throws an UnreadableMessageError that names the wrong attribute. */
export function asEnvelope(document: object): Envelope {
  const envelope = asCloudEvent(document) as Envelope;
  if (!isUuid((envelope as Partial<Envelope>).sagaid))
    invalidEnvelope('The attribute sagaid must be a UUID in lower case.');
  for (const name of CARRIED_NAMES) {
    const value = envelope[name];
    if (value !== undefined && !isKey(value)) invalidEnvelope(`The attribute ${name} ${KEY_RULE}`);
  }
  return envelope;
}

/** Parses an event. Throws an UnreadableMessageError that says what is wrong with it. */
export function parseEvent(value: Buffer | null): DomainEvent {
  const event = asCloudEvent(parseDocument(value));
  if (event.subject === undefined) invalidEnvelope(`The attribute subject ${KEY_RULE}`);
  // Handlers read it as an instant.
  if (!isInstant(event.time)) invalidEnvelope('The attribute time must be an instant as in RFC 3339.');
  return event as DomainEvent;
}

/** Returns the object as a CloudEvent. Throws an UnreadableMessageError that names the wrong attribute. */
export function asCloudEvent(document: object): CloudEvent<unknown> {
  const { specversion, id, type, source, subject, traceparent } = document as Partial<CloudEvent<unknown>>;
  if (specversion !== '1.0') invalidEnvelope('The message is not a CloudEvent: specversion must be "1.0".');
  if (!isMessageId(id)) invalidEnvelope('The attribute id must be a UUIDv7 in lower case.');
  if (!isKey(type)) invalidEnvelope(`The attribute type ${KEY_RULE}`);
  if (typeof source !== 'string' || source === '') invalidEnvelope('The attribute source must name the sender.');
  // Values chosen by others, such as a business key, may contain capitals.
  if (subject !== undefined && !isKey(subject)) invalidEnvelope(`The attribute subject ${KEY_RULE}`);
  if (traceparent !== undefined && !isKey(traceparent)) invalidEnvelope(`The attribute traceparent ${KEY_RULE}`);
  const event = document as CloudEvent<unknown>;
  const key = subject === undefined ? subject : canonicalId(subject);
  return key === subject ? event : { ...event, subject: key };
}

function invalidEnvelope(detail: string): never {
  throw new UnreadableMessageError('no-envelope', detail);
}

const KEY_RULE = `must be a string of at most ${MAX_KEY_LENGTH} characters without NUL or half a surrogate pair.`;

/** True for text that PostgreSQL can store and index as a business key or a name. */
export function isKey(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_KEY_LENGTH && isAllowedText(text);
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i;

function isInstant(time: unknown): boolean {
  return typeof time === 'string' && RFC_3339.test(time) && !Number.isNaN(Date.parse(time));
}

/** True for a UUIDv7 of a year that PostgreSQL and ISO 8601 can write. */
export function isMessageId(id: unknown): id is string {
  return isUuidV7(id) && instantOf(id) < END_OF_TIME;
}

/**
 * Writes the message as JSON for the wire. Throws a MessageTooLargeError or a ForbiddenTextError when receivers would
 * reject it.
 */
export function writeEnvelope(envelope: Envelope | DomainEvent): string {
  const text = JSON.stringify(envelope);
  if (text.includes('\\u') && jsonProblem(Buffer.from(text), Infinity) !== undefined)
    throw new ForbiddenTextError(
      `A ${envelope.type} cannot be sent: it has text with NUL or half a surrogate pair, which PostgreSQL cannot store.`,
    );
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_MESSAGE_BYTES) return text;
  throw new MessageTooLargeError(
    `A ${envelope.type} of ${bytes} bytes cannot be sent; at most ${MAX_MESSAGE_BYTES} are allowed. Send keys, not data.`,
  );
}

/** Says what is wrong with this message as a command; undefined when it is valid. */
export function commandProblem(command: Partial<Command>): string | undefined {
  if (!isKey(command.sagastep)) return `The attribute sagastep ${KEY_RULE}`;
  if (command.sagadirection !== 'action' && command.sagadirection !== 'compensation') {
    return 'The attribute sagadirection must be action or compensation.';
  }
  if (typeof command.replyto !== 'string') return 'The attribute replyto must name a topic.';
  const { undoes } = command;
  if (undoes !== undefined && (!isMessageId(undoes) || undoes === command.id))
    return 'The attribute undoes must be the UUIDv7 of another command.';
  return undefined;
}

function parseJson(value: Buffer): unknown {
  try {
    // Buffer's own decoder would silently replace invalid UTF-8, so the text would differ from what was sent.
    return JSON.parse(utf8.decode(value));
  } catch {
    throw new UnreadableMessageError('no-json', 'The message is not valid JSON in UTF-8.');
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
