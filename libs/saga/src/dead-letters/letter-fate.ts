/* What the saga of a dead letter says about it, as a pure function: whether it is still of interest, and what its redrive did. */
import type { Topics } from '../contract';
import type { RedriveResult } from './dead-letter';

/** Letters that show that something is wrong beside their saga: an operator looks at each. */
const FOR_OPERATORS: ReadonlySet<string> = new Set([
  'another-command',
  'another-undone',
  'foreign-reply-topic',
  'foreign-saga',
  'not-remembered',
]);

/** How a saga stands to a message of its. */
export interface SagaOfLetter {
  readonly status: string;
  readonly hasEnded: boolean;
  /** The ids of the commands that its steps wait for, or attempt again. */
  readonly commandsUnderWay: readonly string[];
}

interface Letter {
  readonly reason: string;
  readonly topic: string;
  readonly messageId: string | undefined;
}

/** Why an open letter is closed without an operator; undefined when it stays open. */
export function whyClosed(
  { reason, topic, messageId }: Letter,
  { status, hasEnded, commandsUnderWay }: SagaOfLetter,
  ownTopics: readonly Topics[],
): string | undefined {
  if (FOR_OPERATORS.has(reason)) return undefined;
  const isCommand = ownTopics.every((topics) => topics.isToParticipant(topic));
  // An event may be about a saga, and is for others: they have not got it, however the saga stands.
  if (!isCommand && !ownTopics.some((topics) => isForOrchestrator(topic, topics))) return undefined;
  if (hasEnded) return `Its saga is ${status}.`;
  if (!isCommand || messageId === undefined || commandsUnderWay.includes(messageId)) return undefined;
  return 'Its saga has passed this command.';
}

function isForOrchestrator(topic: string, topics: Topics): boolean {
  return topic === topics.commands || topics.whoRepliesBy(topic) !== undefined;
}

/** The answers that a saga got since a redrive, the oldest first. */
export interface AnswerSince {
  readonly commandId: string;
  readonly kind: string;
}

/**
 * What became of a redriven message; undefined while nothing shows it. A command is handled when its answer has arrived,
 * also one that the saga no longer waits for; a reply when it has; a start when its saga exists.
 */
export function outcomeOf(
  topic: string,
  commandId: string | undefined,
  answers: readonly AnswerSince[],
  ownTopics: readonly Topics[],
): RedriveResult | undefined {
  if (ownTopics.some(({ commands }) => commands === topic)) return 'handled';
  const answer = answers.find((each) => each.commandId === commandId);
  if (answer === undefined) return undefined;
  const isCommand = ownTopics.every((topics) => topics.isToParticipant(topic));
  return isCommand && answer.kind === 'failed' ? 'failed-again' : 'handled';
}

/** The id of the command that a message is, or answers. */
export function commandIdIn(
  { topic, messageId, value }: { topic: string; messageId: string | undefined; value: Buffer | null },
  ownTopics: readonly Topics[],
): string | undefined {
  if (ownTopics.every((topics) => topics.whoIsRepliedToBy(topic) === undefined)) return messageId;
  try {
    const { inreplyto } = JSON.parse(String(value)) as { inreplyto?: unknown };
    return typeof inreplyto === 'string' ? inreplyto : undefined;
  } catch {
    return undefined;
  }
}
