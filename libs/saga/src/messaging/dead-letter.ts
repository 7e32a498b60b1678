import { DEAD_LETTERS } from '../contract';
import type { IncomingMessage, OutgoingMessage } from './transport';

/** Parks a message that cannot be read: its bytes as they came, with where it was and why. The partition moves on. */
export function deadLetter(message: IncomingMessage, reason: string, service: string): OutgoingMessage {
  return {
    topic: DEAD_LETTERS,
    key: message.key ?? '',
    value: message.value ?? '',
    headers: {
      reason,
      service,
      'original-topic': message.topic,
      'original-partition': String(message.partition),
      'original-offset': message.offset,
    },
  };
}
