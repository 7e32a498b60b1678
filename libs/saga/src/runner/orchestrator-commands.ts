/* Reads the commands that services, and sagas with children, send to the orchestrator on its command topic. */
import { randomBytes } from 'node:crypto';
import {
  carriedBy,
  isKey,
  isUuid,
  isUuidV7,
  SIGNAL_SAGA,
  START_SAGA,
  UNDO_SAGA,
  UnreadableMessageError,
  type Envelope,
  type Parent,
  type SignalSaga,
  type StartSaga,
  type UndoSaga,
} from '../contract';
import type { DefinitionRegistry } from '../definition';
import type { SagaEvent } from '../engine';

/**
 * Reads a command to the orchestrator.
 *
 * @throws UnreadableMessageError that says what is wrong with the message
 */
export function eventOfCommand(envelope: Envelope, registry: DefinitionRegistry): SagaEvent {
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
