import { isKey, isMessageId, isUuid, readLoosely } from '../contract';
import { printable, type ParkedHeader } from './dead-letter';
import type { HeaderValue, IncomingMessage } from './transport';

/** A message that nobody could take, as it came, with where it was, who parked it and why. */
export interface ParkedMessage {
  /** The service that could not take it. */
  readonly service: string;
  /** In a word, such as `unknown-type`. */
  readonly reason: string;
  readonly detail: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly ParkedHeader[];
  /** How long the value was, also where its end was cut off. */
  readonly bytes: number;
  /** Not all of the message is here: it was larger than a dead letter may be. */
  readonly cut: boolean;
  /** What the message says of itself, where it can be told. */
  readonly messageId: string | undefined;
  readonly type: string | undefined;
  readonly sagaId: string | undefined;
}

/** Reads a message of the topic of dead letters. Whatever it holds is a dead letter: at worst one of that topic itself. */
export function parkedMessage(message: IncomingMessage): ParkedMessage {
  return { ...(placeOf(message) ?? strayAt(message)), ...wordsOf(message) };
}

type Words = Pick<ParkedMessage, 'messageId' | 'type' | 'sagaId'>;

function placeOf(message: IncomingMessage): Omit<ParkedMessage, keyof Words> | undefined {
  const text = (name: string): string => textOf(message.headers?.[name]);
  const [reason, service, topic] = [text('reason'), text('service'), text('original-topic')];
  const [partition, offset] = [text('original-partition'), text('original-offset')];
  const known = /^[\w-]{1,100}$/.test(reason) && /^[\w.-]{1,249}$/.test(service) && /^[\w.-]{1,249}$/.test(topic);
  if (!known || !/^\d{1,9}$/.test(partition) || !/^\d{1,18}$/.test(offset)) return undefined;
  const headers = headersIn(text('original-headers'));
  const bytes = text('original-bytes');
  return {
    reason,
    detail: printable(text('detail')).slice(0, 1_000),
    service,
    topic,
    partition: Number(partition),
    offset,
    key: message.key,
    value: message.value,
    headers: headers ?? [],
    bytes: /^\d{1,9}$/.test(bytes) ? Number(bytes) : (message.value?.length ?? 0),
    cut: text('cut') !== '' || headers === undefined,
  };
}

function strayAt({ topic, partition, offset, key, value }: IncomingMessage): Omit<ParkedMessage, keyof Words> {
  return {
    reason: 'no-dead-letter',
    detail: 'It came by the topic of dead letters, without the headers of one.',
    service: 'unknown',
    topic,
    partition,
    offset,
    key,
    value,
    headers: [],
    bytes: value?.length ?? 0,
    cut: false,
  };
}

/** A message that breaks its rules may still say whose it is; the key of a message is its saga's id. */
function wordsOf({ key, value }: IncomingMessage): Words {
  const { id, type, sagaid } = readLoosely(value) as { id?: unknown; type?: unknown; sagaid?: unknown };
  const keyText = key?.toString();
  return {
    messageId: isMessageId(id) ? id : undefined,
    type: isKey(type) ? printable(type) : undefined,
    sagaId: [sagaid, keyText].find(isUuid),
  };
}

function textOf(value: HeaderValue | readonly HeaderValue[] | undefined): string {
  const [first] = [value].flat();
  return Buffer.isBuffer(first) || typeof first === 'string' ? String(first) : '';
}

/** Undefined when they cannot be read, so that the message is not whole. */
function headersIn(text: string): ParkedHeader[] | undefined {
  if (text === '') return [];
  try {
    const headers: unknown = JSON.parse(text);
    return Array.isArray(headers) && headers.every(isParkedHeader) ? headers : undefined;
  } catch {
    return undefined;
  }
}

function isParkedHeader(header: unknown): header is ParkedHeader {
  return Array.isArray(header) && header.length === 2 && header.every((part) => typeof part === 'string');
}
