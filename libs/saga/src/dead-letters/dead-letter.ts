import type { Origin } from '../operator-log';
import {
  isOfEvents,
  parseEnvelope,
  parseEvent,
  UnreadableMessageError,
  type Rejection,
  type Topics,
} from '../contract';
import type { PoolClient } from 'pg';
import type { ReceivedDeadLetter } from '../messaging';

export const DEAD_LETTER_STATUSES = ['open', 'redriven', 'discarded', 'closed'] as const;

/**
 * `open`: no operator has decided on it. `redriven`: sent again; if it fails again, that is a new dead letter.
 * `discarded`: not sent again. `closed`: its saga has passed the command, or has ended, before an operator decided. All
 * but the first are final.
 */
export type DeadLetterStatus = (typeof DEAD_LETTER_STATUSES)[number];

/**
 * What became of a redriven message. `handled`: its receiver has processed it. `failed-again`: it failed, or became a dead
 * letter once more. That an event was handled is not known.
 */
export const REDRIVE_OUTCOMES = ['handled', 'failed-again'] as const;
export type RedriveResult = (typeof REDRIVE_OUTCOMES)[number];

/** What an operator decided about a dead letter. */
export interface DeadLetterDecision {
  readonly by: string;
  readonly because: string;
  readonly at: number;
  /** Set when it was redriven although nothing proved that the message was where the letter says. */
  readonly override?: Override | undefined;
}

export interface NewDeadLetterDecision extends Omit<DeadLetterDecision, 'at'>, Origin {
  /** The bulk action of which it is part. */
  readonly bulkActionId?: string | undefined;
  /** What else is written in its transaction, if it takes effect; an error undoes all of it. */
  readonly alsoWrite?: ((client: PoolClient) => Promise<void>) | undefined;
}

/** Why an operator trusted a message, and what spoke against it. */
export interface Override {
  readonly because: string;
  readonly doubt: string;
}

/** A dead letter as a list shows it. */
export interface DeadLetterSummary extends Omit<ReceivedDeadLetter, 'key' | 'value' | 'headers'> {
  readonly id: string;
  /** When the orchestrator stored it. */
  readonly keptAt: number;
  readonly status: DeadLetterStatus;
  readonly decision: DeadLetterDecision | undefined;
  /** When its redrive was acknowledged by the broker. */
  readonly sentAt: number | undefined;
  /** The dead letter of the same message that was redriven before without success. */
  readonly redriveOf: string | undefined;
  readonly outcome: RedriveResult | undefined;
  /** Letters for the same reason are in one group. */
  readonly groupId: string;
}

/** A dead letter with the whole message. */
export interface DeadLetter extends DeadLetterSummary, Pick<ReceivedDeadLetter, 'key' | 'value' | 'headers'> {}

/** True when the saga has received the failure of this command: if it is sent again, the reply is the same. */
export function wasAnswered(
  { reason, topic, messageId, sagaId }: DeadLetterSummary,
  ownTopics: readonly Topics[],
): boolean {
  if (messageId === undefined || sagaId === undefined || reason === 'not-remembered') return false;
  return ownTopics.every((topics) => topics.isToParticipant(topic));
}

/**
 * Why sending the message again cannot help an orchestrator that reads these topics, of its own name and of its former
 * one; undefined when it may help.
 */
export function whyNotRedrivable(
  { topic, cut, bytes, value }: DeadLetter,
  ownTopics: readonly [Topics, ...Topics[]],
): Rejection | undefined {
  if (!ownTopics.some((topics) => topics.mayBeRedriven(topic)))
    return { reason: 'no-such-topic', detail: whyNotSent(topic, ownTopics[0]) };
  if (cut) return { reason: 'cut', detail: `Only ${value?.length ?? 0} of its ${bytes} bytes were kept.` };
  try {
    if (isOfEvents(topic)) parseEvent(value);
    else parseEnvelope(value);
    return undefined;
  } catch (error) {
    if (!(error instanceof UnreadableMessageError)) throw error;
    return { reason: error.reason, detail: `The message is unreadable: ${error.message}` };
  }
}

function whyNotSent(topic: string, topics: Topics): string {
  const other = topics.whoIsRepliedToBy(topic);
  if (other === undefined) return `Nothing is sent to ${topic} again.`;
  return (
    `${topic} has replies to the orchestrator ${other}, and this one is named ${topics.orchestrator}. ` +
    `Where ${other} is its former name, give it formerName: '${other}', so that it reads them. Otherwise they belong to another orchestrator.`
  );
}
