import { randomInt } from 'node:crypto';
import { isUuid, type Rejection } from '../../contract';
import { deadLetter } from '../dead-letter';
import type { IncomingMessage, OutgoingMessage } from '../transport';
import { isOfType } from './error-type';

/** Larger than its topic or the broker takes. */
const TOO_LARGE = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'];
/** Trying again does not help: somebody has to change the topic, or what may be written to it. */
const NEVER_TAKEN = ['INVALID_TOPIC_EXCEPTION', 'TOPIC_AUTHORIZATION_FAILED', 'INVALID_RECORD', 'POLICY_VIOLATION'];

export function isTooLarge(error: unknown): boolean {
  return isOfType(error, ...TOO_LARGE);
}

export function isNeverTaken(error: unknown): boolean {
  return isTooLarge(error) || isOfType(error, ...NEVER_TAKEN);
}

/** Two parts, each with fewer topics where there are several, so that the one that is refused is soon alone. */
export function halves(batch: readonly OutgoingMessage[]): [OutgoingMessage[], OutgoingMessage[]] {
  const topics = [...new Set(batch.map(({ topic }) => topic))];
  if (topics.length < 2) {
    const middle = Math.ceil(batch.length / 2);
    return [batch.slice(0, middle), batch.slice(middle)];
  }
  const first = new Set(topics.slice(0, Math.ceil(topics.length / 2)));
  return [batch.filter(({ topic }) => first.has(topic)), batch.filter(({ topic }) => !first.has(topic))];
}

/** Parks a message that its topic will never take, as it would have come from there. */
export function refusedLetter(
  message: OutgoingMessage,
  rejection: Rejection,
  service: string,
  deadLetters: string,
): OutgoingMessage {
  const buffer = (text: string | Buffer | null): Buffer | null => (text === null ? null : Buffer.from(text as string));
  const { topic, headers } = message;
  const [key, value] = [buffer(message.key), buffer(message.value)];
  // The place of a dead letter tells it from others; this one never had any.
  const offset = `${Date.now()}${String(randomInt(1_000)).padStart(3, '0')}`;
  const incoming: IncomingMessage = { topic, partition: 0, offset, key, value, headers };
  const letter = deadLetter(incoming, rejection, service, deadLetters);
  return isUuid(String(message.key)) ? letter : { ...letter, key: null };
}
