import {
  isUuid,
  parseEnvelope,
  shorten,
  UnreadableMessageError,
  type Envelope,
  type Rejection,
  type Reply,
} from '../contract';
import type { DefinitionRegistry } from '../definition';
import type { AnswerEvent, SagaEvent } from '../engine';
import type { IncomingMessage } from '../messaging';
import { eventOfCommand } from './orchestrator-commands';

/** Something that happened to one saga, not yet applied by the engine. */
export interface SagaInput {
  readonly sagaId: string;
  readonly event: SagaEvent;
  /** Set when the saga's timer has fired and must be armed again. */
  readonly timerFired?: boolean;
  /** The message that carried it; dead-lettered when the saga is unknown. */
  readonly message?: IncomingMessage;
  /** The request of a service, if it is one; to be acknowledged. */
  readonly acknowledge?: Pick<Envelope, 'id' | 'source'>;
}

/**
 * Reads a message of the orchestrator's topics.
 *
 * @throws UnreadableMessageError that says what is wrong with the message
 */
export function sagaInputOf(message: IncomingMessage, registry: DefinitionRegistry): SagaInput {
  const envelope = parseEnvelope(message.value);
  // The sender is taken from the topic, which access rules protect, never from the message.
  const from = registry.whoRepliesBy(message.topic);
  if (from !== undefined) return answered(envelope as Reply, from, message);
  return { sagaId: envelope.sagaid, event: eventOfCommand(envelope, registry), message, acknowledge: envelope };
}

function answered(reply: Reply, from: string, message: IncomingMessage): SagaInput {
  const { sagaid, sagastep: step, sagadirection: direction, inreplyto: commandId, outcome, data } = reply;
  if (!isUuid(commandId))
    throw new UnreadableMessageError('no-reply', 'The attribute inreplyto must be the id of a command.');
  if (typeof step !== 'string')
    throw new UnreadableMessageError('no-reply', 'The attribute sagastep must be a string.');
  if (direction !== 'action' && direction !== 'compensation') {
    throw new UnreadableMessageError('no-reply', 'The attribute sagadirection must be action or compensation.');
  }
  const answer = { commandId, step, direction, from };
  return { sagaId: sagaid, event: eventOf(answer, outcome, data), message };
}

function eventOf(
  answer: Pick<AnswerEvent, 'commandId' | 'step' | 'direction' | 'from'>,
  outcome: unknown,
  data: unknown,
): AnswerEvent {
  switch (outcome) {
    case 'success':
      return { kind: 'replied', ...answer, reply: data ?? undefined };
    case 'refusal':
      return { kind: 'refused', ...answer, objection: rejectionOf(data) };
    case 'failure':
      return { kind: 'failed', ...answer, objection: rejectionOf(data) };
    case 'unknown':
      return { kind: 'unknown', ...answer, objection: rejectionOf(data) };
    default:
      throw new UnreadableMessageError(
        'no-reply',
        'The attribute outcome must be success, refusal, failure or unknown.',
      );
  }
}

/** The part of an answer that a saga keeps in its state and history. */
const MAX_REASON = 200;
const MAX_DETAIL = 1_000;

function rejectionOf(data: unknown): Rejection {
  const { reason, detail, unfinished } = (typeof data === 'object' && data !== null ? data : {}) as Record<
    keyof Rejection,
    unknown
  >;
  return {
    reason: typeof reason === 'string' ? shorten(reason, MAX_REASON) : 'unspecified',
    ...(typeof detail === 'string' ? { detail: shorten(detail, MAX_DETAIL) } : {}),
    ...(unfinished === true ? { unfinished } : {}),
  };
}
