/*
 * kafkajs 2.2.4 gathers a record's headers by copying all that it has for each one more: 20,000 headers, 150 kB, hold the
 * process for a minute and a half, and its consumer is out of the group long before. So no more than a hundred are read.
 * The hundred-and-first tells that there were more.
 */
import { HEADERS_LEFT_OUT } from '../transport';
import type { Decoder } from './decoder';

const MOST_HEADERS = 100;

/** A decoder of kafkajs that reads no more of a record's headers. */
export function limitHeaders(Base: new (bytes: Buffer) => Decoder): new (bytes: Buffer) => Decoder {
  return class extends Base {
    /** Only headers are read by it. They end a record, and each record has a decoder of its own, so what is left unread does no harm. */
    override readVarIntArray<T>(reader: (decoder: Decoder) => T): T[] {
      const count = Math.max(0, this.readVarInt());
      const headers = Array.from({ length: Math.min(count, MOST_HEADERS) }, () => reader(this));
      const leftOut = count - headers.length;
      if (leftOut > 0) headers.push({ key: HEADERS_LEFT_OUT, value: Buffer.from(String(leftOut)) } as T);
      return headers;
    }
  };
}
