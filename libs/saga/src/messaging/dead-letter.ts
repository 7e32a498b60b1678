import { DEAD_LETTERS } from '../contract';
import type { IncomingMessage, OutgoingMessage } from './transport';

/** With what is said about it, a parked message must still fit into what a broker takes (1 MiB). */
const MOST_BYTES = 1_000_000;
const MOST_REASON = 1_000;

/**
 * Parks a message that cannot be read: its bytes as they came, with where it was and why. The partition moves on. Of a
 * message as large as a broker takes the end is cut off, and `original-bytes` tells how long it was.
 */
export function deadLetter(message: IncomingMessage, reason: string, service: string): OutgoingMessage {
  const value = message.value ?? Buffer.alloc(0);
  return {
    topic: DEAD_LETTERS,
    key: (message.key ?? '').slice(0, MOST_REASON),
    value: value.subarray(0, MOST_BYTES),
    headers: {
      ...(value.length > MOST_BYTES ? { 'original-bytes': String(value.length) } : {}),
      reason: reason.slice(0, MOST_REASON),
      service,
      'original-topic': message.topic,
      'original-partition': String(message.partition),
      'original-offset': message.offset,
    },
  };
}
