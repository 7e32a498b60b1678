import { randomBytes } from 'node:crypto';
import {
  carriedBy,
  type Envelope,
  isKey,
  isUuid,
  isUuidV7,
  type Parent,
  parseEnvelope,
  type Rejection,
  type Reply,
  shorten,
  SIGNAL_SAGA,
  type SignalSaga,
  START_SAGA,
  type StartSaga,
  UNDO_SAGA,
  type UndoSaga,
  UnreadableMessageError,
} from '../contract';
import type { DefinitionRegistry } from '../definition';
import type { AnswerEvent, SagaEvent, SagaState } from '../engine';
import type { IncomingMessage } from '../messaging';
import { childSagaId } from './command-message';

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

/**
 * Reads a command that a service, or a saga with children, sends to the orchestrator.
 *
 * @throws UnreadableMessageError that says what is wrong with the message
 */
function eventOfCommand(envelope: Envelope, registry: DefinitionRegistry): SagaEvent {
  switch (envelope.type) {
    case START_SAGA:
      return started(envelope as StartSaga, registry);
    case UNDO_SAGA:
      return undone(envelope as UndoSaga);
    case SIGNAL_SAGA:
      return signalled(envelope as SignalSaga);
    default:
      throw new UnreadableMessageError(
        'unknown-type',
        `The orchestrator takes no ${envelope.type}; it takes ${START_SAGA}, ${UNDO_SAGA} and ${SIGNAL_SAGA}.`,
      );
  }
}

function started(message: StartSaga, registry: DefinitionRegistry): SagaEvent {
  const { sagaid, subject, data } = message;
  if (!isKey(data?.saga)) throw new UnreadableMessageError('no-start', 'data.saga must name the saga to start.');
  const { saga, version = registry.newest(saga)?.version ?? 0, input, parent } = data;
  if (!isVersion(version)) throw new UnreadableMessageError('no-start', 'data.version must be a whole number.');
  const event = {
    kind: 'started' as const,
    sagaId: sagaid,
    definition: saga,
    version,
    subject,
    carried: carriedBy(message),
    secret: randomBytes(16).toString('base64url'),
    input,
    ...(parent === undefined ? {} : { parent: parentOf(parent, 'no-start') }),
  };
  if (registry.find(saga, version)) return event;
  const missing = version === 0 ? saga : `${saga} v${version}`;
  return { ...event, halted: `No definition of ${missing} is registered; it begins when one is.` };
}

function undone(message: UndoSaga): SagaEvent {
  const { sagaid, subject, data } = message;
  if (!isKey(data?.saga)) throw new UnreadableMessageError('no-undo', 'data.saga must name the saga to compensate.');
  const { saga: definition, version, input, parent } = data;
  if (!isVersion(version)) throw new UnreadableMessageError('no-undo', 'data.version must be a whole number.');
  const waiting = parentOf(parent, 'no-undo');
  const carried = carriedBy(message);
  return { kind: 'undo', sagaId: sagaid, definition, version, subject, carried, input, parent: waiting };
}

function signalled({ data }: SignalSaga): SagaEvent {
  if (!isKey(data?.signal)) throw new UnreadableMessageError('no-signal', 'data.signal must name the signal.');
  return { kind: 'signalled', signal: data.signal, payload: data.payload };
}

function parentOf(parent: Partial<Parent> | null | undefined, reason: 'no-start' | 'no-undo'): Parent {
  const { sagaId, step, commandId } = parent ?? {};
  if (!isUuid(sagaId) || !isKey(step) || !isUuidV7(commandId)) {
    throw new UnreadableMessageError(
      reason,
      'data.parent must name the sagaId, step and commandId that wait for the child.',
    );
  }
  return { sagaId, step, commandId };
}

/** Within the range of the column that stores it. */
function isVersion(version: unknown): version is number {
  return Number.isInteger(version) && (version as number) >= 0 && (version as number) < 2 ** 31;
}

/*
 * Checks that a message about a child comes from the child's parent. Anyone who may write to the orchestrator's command
 * topic can claim to be a parent: to have a saga reply to a step that waits for something else, or to compensate a
 * completed child. Saga ids are in every command, so they prove nothing. A parent's command ids do: they are derived
 * from its secret (decision 0045) and are sent only to the orchestrator.
 */

/**
 * The parent that a message claims to come from. Undefined when the message changes nothing: a repeated start or undo
 * only repeats the reply.
 */
export function claimedParent({ event }: SagaInput, child: SagaState | undefined): Parent | undefined {
  if (event.kind === 'undo') return event.parent.commandId === child?.parent?.undoId ? undefined : event.parent;
  return event.kind === 'started' && child === undefined ? event.parent : undefined;
}

/** Whether this saga has the step that waits for this child, and has sent the command. */
export function isParentOf(
  saga: SagaState | undefined,
  event: SagaEvent,
  claimed: Parent,
  child: SagaState | undefined,
): boolean {
  const step = saga?.steps[claimed.step];
  if (step?.actionId === undefined) return false;
  if (event.kind === 'undo' && child !== undefined) {
    const { exchange } = step;
    return exchange?.direction === 'compensation' && exchange.commandId === claimed.commandId;
  }
  // An undo of a child that has not begun may arrive late; the child's id, which only the parent knows, proves it as
  // well.
  const isItsChild = 'sagaId' in event && childSagaId(step.actionId) === event.sagaId;
  return isItsChild && (event.kind === 'undo' || step.actionId === claimed.commandId);
}
