import { isKey, isMessageId, isUuid, readLoosely } from '../contract';
import { printable, type OriginalHeader } from './dead-letter';
import type { HeaderValue, IncomingMessage } from './transport';

/**
 * A message that no receiver could process, with its original position, the service that dead-lettered it and the
 * reason.
 */
export interface ReceivedDeadLetter {
  /** The service that could not process it. */
  readonly service: string;
  /** A short code, such as `unknown-type`. */
  readonly reason: string;
  readonly detail: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly OriginalHeader[];
  /** The original length of the value, also when it was cut off. */
  readonly bytes: number;
  /** Part of the message is missing: it was larger than a dead letter may be. */
  readonly cut: boolean;
  /** The message's own attributes, where they are readable. */
  readonly messageId: string | undefined;
  readonly type: string | undefined;
  readonly sagaId: string | undefined;
}

/**
 * Reads a message of the topic of dead letters. Any content yields a dead letter: at worst one of that topic itself.
 */
export function readDeadLetter(message: IncomingMessage): ReceivedDeadLetter {
  return { ...(placeOf(message) ?? strayMessage(message)), ...ownAttributesOf(message) };
}

type OwnAttributes = Pick<ReceivedDeadLetter, 'messageId' | 'type' | 'sagaId'>;

function placeOf(message: IncomingMessage): Omit<ReceivedDeadLetter, keyof OwnAttributes> | undefined {
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

function strayMessage({
  topic,
  partition,
  offset,
  key,
  value,
}: IncomingMessage): Omit<ReceivedDeadLetter, keyof OwnAttributes> {
  return {
    reason: 'no-dead-letter',
    detail: 'The message is on the topic of dead letters without the headers of a dead letter.',
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

/** Even an invalid message may identify its saga; the key of a message is its saga's id. */
function ownAttributesOf({ key, value }: IncomingMessage): OwnAttributes {
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

/** Undefined when they cannot be read, so that the message is incomplete. */
function headersIn(text: string): OriginalHeader[] | undefined {
  if (text === '') return [];
  try {
    const headers: unknown = JSON.parse(text);
    return Array.isArray(headers) && headers.every(isOriginalHeader) ? headers : undefined;
  } catch {
    return undefined;
  }
}

function isOriginalHeader(header: unknown): header is OriginalHeader {
  return Array.isArray(header) && header.length === 2 && header.every((part) => typeof part === 'string');
}
