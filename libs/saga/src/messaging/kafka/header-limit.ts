/*
 * Limits the headers that are read of a record to a hundred; a further header holds the number of the others. kafkajs
 * 2.2.4 copies all previous headers for each further one: 20,000 headers, 150 kB, block the process for a minute and a
 * half, so its consumer loses its group.
 */
import { HEADERS_LEFT_OUT } from '../transport';
import type { Decoder } from './decoder';

const MOST_HEADERS = 100;

/** A decoder of kafkajs that reads a limited number of a record's headers. */
export function limitHeaders(Base: new (bytes: Buffer) => Decoder): new (bytes: Buffer) => Decoder {
  return class extends Base {
    /**
     * Only headers are read with it. They end a record, and each record has a decoder of its own, so unread bytes do no
     * harm.
     */
    override readVarIntArray<T>(reader: (decoder: Decoder) => T): T[] {
      const count = Math.max(0, this.readVarInt());
      const headers = Array.from({ length: Math.min(count, MOST_HEADERS) }, () => reader(this));
      const leftOut = count - headers.length;
      if (leftOut > 0) headers.push({ key: HEADERS_LEFT_OUT, value: Buffer.from(String(leftOut)) } as T);
      return headers;
    }
  };
}
