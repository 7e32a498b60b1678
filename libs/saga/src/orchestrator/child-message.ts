/* The messages between a saga and its children. Both are sagas of the same orchestrator, which need not be the same process. */
import { v5 as uuidV5 } from 'uuid';
import {
  CHILDREN,
  commandId,
  REJECTION_SCHEMA,
  replyType,
  schemaUri,
  sourceOf,
  START_SAGA,
  UNDO_SAGA,
  writeEnvelope,
  type Envelope,
  type Reply,
  type Topics,
} from '../contract';
import type { SagaDefinition } from '../definition';
import type { ParentAnswer, SagaState, SendCommand } from '../engine';
import type { OutgoingCommand } from './saga-store';

const NAMESPACE = '0e5c0b1e-6f0a-4d0b-9a57-3c1d9b7a4f10';

/**
 * The id of the saga that a command starts. Its time is the command's; its tail is another, since a saga's own command ids
 * are made of it (decision 0003) and must not meet those of its parent.
 */
export function childSagaId(startId: string): string {
  return startId.slice(0, 19) + uuidV5(startId, NAMESPACE).slice(19);
}

/** The command that starts a child, or takes it back. */
export function toChild(
  state: SagaState,
  send: SendCommand,
  child: SagaDefinition,
  topics: Topics,
  now: number,
): OutgoingCommand {
  const { commandId: id, step, undoes, payload: input } = send;
  const { name: saga, version } = child;
  const sagaid = childSagaId(undoes ?? id);
  const message: Envelope = {
    ...eventOf(state, undoes === undefined ? START_SAGA : UNDO_SAGA, topics, now),
    id,
    sagaid,
    data: { saga, version, input, parent: { sagaId: state.id, step, commandId: id } },
  };
  return { id, topic: topics.commands, key: sagaid, payload: writeEnvelope(message) };
}

/** What a child that has ended tells its parent. */
export function toParent(
  state: SagaState,
  answer: ParentAnswer,
  revision: number,
  topics: Topics,
  now: number,
): OutgoingCommand {
  const { to, direction, outcome, objection = null } = answer;
  // No command of this saga has this number in this millisecond.
  const id = commandId(state, state.commands + revision, now);
  const message: Reply = {
    ...eventOf(state, replyType(direction === 'action' ? START_SAGA : UNDO_SAGA), topics, now),
    ...(objection ? { dataschema: REJECTION_SCHEMA } : {}),
    id,
    sagaid: to.sagaId,
    sagastep: to.step,
    sagadirection: direction,
    inreplyto: to.commandId,
    outcome,
    data: objection,
  };
  return { id, topic: topics.repliesOf(CHILDREN), key: to.sagaId, payload: writeEnvelope(message) };
}

function eventOf(
  { subject, carried }: SagaState,
  type: string,
  topics: Topics,
  now: number,
): Omit<Envelope, 'id' | 'sagaid' | 'data'> {
  return {
    specversion: '1.0',
    type,
    dataschema: schemaUri(type),
    source: sourceOf(topics.orchestrator),
    time: new Date(now).toISOString(),
    subject,
    datacontenttype: 'application/json',
    ...carried,
  };
}
