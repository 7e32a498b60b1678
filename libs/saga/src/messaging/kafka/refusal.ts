import { randomInt } from 'node:crypto';
import { isUuid, type Rejection } from '../../contract';
import { deadLetter } from '../dead-letter';
import type { IncomingMessage, OutgoingMessage } from '../transport';
import { isOfType } from './error-type';

/** Larger than its topic or the broker allows. */
const TOO_LARGE = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'];
/** Retrying does not help: the topic, or the permissions on it, must be changed. */
const REFUSED_FOR_GOOD = [
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'INVALID_RECORD',
  'POLICY_VIOLATION',
];

export function isTooLarge(error: unknown): boolean {
  return isOfType(error, ...TOO_LARGE);
}

export function isRefusedForGood(error: unknown): boolean {
  return isTooLarge(error) || isOfType(error, ...REFUSED_FOR_GOOD);
}

/** Two halves, each with fewer topics where there are several, so that the rejected message is soon alone. */
export function halves(batch: readonly OutgoingMessage[]): [OutgoingMessage[], OutgoingMessage[]] {
  const topics = [...new Set(batch.map(({ topic }) => topic))];
  if (topics.length < 2) {
    const middle = Math.ceil(batch.length / 2);
    return [batch.slice(0, middle), batch.slice(middle)];
  }
  const first = new Set(topics.slice(0, Math.ceil(topics.length / 2)));
  return [batch.filter(({ topic }) => first.has(topic)), batch.filter(({ topic }) => !first.has(topic))];
}

/** The dead letter of a message that its topic permanently rejects, as if it had been read from there. */
export function refusedLetter(
  message: OutgoingMessage,
  rejection: Rejection,
  service: string,
  deadLetters: string,
): OutgoingMessage {
  const buffer = (text: string | Buffer | null): Buffer | null => (text === null ? null : Buffer.from(text as string));
  const { topic, headers } = message;
  const [key, value] = [buffer(message.key), buffer(message.value)];
  // A dead letter is identified by its original position; this message never had one.
  const offset = `${Date.now()}${String(randomInt(1_000)).padStart(3, '0')}`;
  const incoming: IncomingMessage = { topic, partition: 0, offset, key, value, headers };
  const letter = deadLetter(incoming, rejection, service, deadLetters);
  return isUuid(String(message.key)) ? letter : { ...letter, key: null };
}
