import type { Rejection } from '../contract';
import type { Log } from './logger';
import { incomingFields } from './message-fields';
import { HEADERS_LEFT_OUT, type Headers, type IncomingMessage, type OutgoingMessage } from './transport';

/** A dead letter, with its headers, must still fit into the broker's default limit (1 MiB). */
const MOST_BYTES = 1_000_000;
/** Brokers with a lower limit do not take a saga's messages either. */
const LEAST_BYTES = 1_000;
const MOST_DETAIL = 1_000;

/** A header's name and its value as in the message, repeated names included; in base64, because it can be any bytes. */
export type OriginalHeader = readonly [name: string, value: string];

/**
 * Returns the dead letter of a message that no receiver can process: its original key, value and headers, its position
 * and the reason. The end of a message as large as the broker's limit is cut off, and `cut` names the parts. When the
 * topic of dead letters has a lower limit than others, more is cut off.
 */
export function deadLetter(
  message: IncomingMessage,
  rejection: Rejection,
  service: string,
  topic: string,
): OutgoingMessage {
  return letterOf(message, rejection, { service, topic }, MOST_BYTES);
}

function letterOf(
  message: IncomingMessage,
  { reason, detail = '' }: Rejection,
  by: { readonly service: string; readonly topic: string },
  room: number,
): OutgoingMessage {
  const key = message.key?.subarray(0, room / 4) ?? null;
  const { headers, complete } = headersAsText(message.headers, room / 4);
  const value = message.value?.subarray(0, room - (key?.length ?? 0) - headers.length) ?? null;
  const cut = [
    ...(key?.length === message.key?.length ? [] : ['key']),
    ...(complete ? [] : ['headers']),
    ...(value?.length === message.value?.length ? [] : ['value']),
  ];
  return {
    topic: by.topic,
    key,
    value,
    headers: {
      reason,
      detail: printable(detail).slice(0, Math.min(MOST_DETAIL, room / 4)),
      service: by.service,
      'original-topic': message.topic,
      'original-partition': String(message.partition),
      'original-offset': message.offset,
      'original-bytes': String(message.value?.length ?? 0),
      ...(headers === '' ? {} : { 'original-headers': headers }),
      ...(cut.length === 0 ? {} : { cut: cut.join(',') }),
    },
    smaller:
      room <= LEAST_BYTES
        ? undefined
        : () => letterOf(message, { reason, detail }, by, Math.max(LEAST_BYTES, room / 4)),
  };
}

/** The message's headers as a dead letter stores them. */
export function originalHeaders(headers: Headers = {}): OriginalHeader[] {
  return Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().flatMap((value) => encodedHeader(name, value)),
  );
}

/** The message's headers as text, or none of them when they take more room. */
function headersAsText(headers: Headers = {}, room: number): { headers: string; complete: boolean } {
  const original = originalHeaders(headers);
  const text = original.length === 0 ? '' : JSON.stringify(original);
  const fits = text.length <= room && Buffer.byteLength(text) <= room;
  return { headers: fits ? text : '', complete: fits && !(HEADERS_LEFT_OUT in headers) };
}

/** Under a header named `constructor` kafkajs finds what every object inherits, and puts it before the value. */
function encodedHeader(name: string, value: unknown): OriginalHeader[] {
  if (value === null) return [[name, '']];
  return Buffer.isBuffer(value) || typeof value === 'string' ? [[name, Buffer.from(value).toString('base64')]] : [];
}

/** One line that every log and every database can store. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}

/** Logs that a message is dead-lettered, in one line, whatever its detail contains. */
export function logDeadLetter(
  log: Log,
  what: string,
  message: IncomingMessage,
  { reason, detail = '' }: Rejection,
): void {
  const text = printable(`dead-lettered ${what}: ${reason}: ${detail.slice(0, MOST_DETAIL)}`);
  log.warn(text, { event: 'dead-lettered', reason, ...incomingFields(message) });
}
