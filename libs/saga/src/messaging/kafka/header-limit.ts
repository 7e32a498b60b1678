/*
 * kafkajs 2.2.4 gathers a record's headers by copying all that it has for each one more: 20,000 headers, 150 kB, hold the
 * process for a minute and a half, and its consumer is out of the group long before. So no more than a hundred are read.
 * The hundred-and-first tells that there were more.
 */
import { HEADERS_LEFT_OUT } from '../transport';
import { internalOfKafkajs } from './internal';

interface Header {
  readonly key: string;
  readonly value: Buffer | null;
}

interface Decoder {
  readVarInt(): number;
  readVarIntArray(reader: (decoder: Decoder) => Header): Header[];
}

const MOST_HEADERS = 100;

/** Bounds the headers that are read; does nothing for a version of kafkajs that was not looked at. */
export function limitHeaders(): void {
  const decoder = internalOfKafkajs('protocol/decoder') as { prototype: Decoder } | undefined;
  if (decoder) decoder.prototype.readVarIntArray = readHeaders;
}

/** Headers end a record, and each record has a decoder of its own: what is left unread harms nobody. */
function readHeaders(this: Decoder, reader: (decoder: Decoder) => Header): Header[] {
  const count = Math.max(0, this.readVarInt());
  const headers = Array.from({ length: Math.min(count, MOST_HEADERS) }, () => reader(this));
  const leftOut = count - headers.length;
  if (leftOut > 0) headers.push({ key: HEADERS_LEFT_OUT, value: Buffer.from(String(leftOut)) });
  return headers;
}
