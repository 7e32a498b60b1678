/*
 * The messages that a saga sends: commands to participants and to its children, and a child's reply to its parent. A
 * parent and its children are sagas of the same orchestrator, but maybe in different processes.
 */
import { v5 as uuidV5 } from 'uuid';
import {
  CHILDREN,
  cloudEvent,
  type Command,
  commandId,
  type Envelope,
  REJECTION_SCHEMA,
  type Reply,
  replyType,
  sourceOf,
  START_SAGA,
  type StartSaga,
  type Topics,
  UNDO_SAGA,
  type UndoSaga,
  writeEnvelope,
} from '../contract';
import type { SagaDefinition } from '../definition';
import type { ParentAnswer, SagaState, SendCommand } from '../engine';
import type { OutgoingCommand } from '../store';

const NAMESPACE = '0e5c0b1e-6f0a-4d0b-9a57-3c1d9b7a4f10';

/** A command in its wire format. */
export function outgoing(state: SagaState, send: SendCommand, topics: Topics, now: number): OutgoingCommand {
  if (send.child) return toChild(state, send, send.child, topics, now);
  const { commandId, command, step, direction, attempt, last, undoes, payload } = send;
  const message = cloudEvent<Command>(new Date(now), {
    id: commandId,
    type: command.type,
    source: sourceOf(topics.orchestrator),
    subject: state.subject,
    ...state.carried,
    sagaid: state.id,
    sagastep: step,
    sagadirection: direction,
    sagaattempt: attempt,
    sagalastattempt: last,
    replyto: topics.repliesOf(command.service),
    undoes,
    data: payload,
  });
  return { id: commandId, topic: topics.commandsOf(command.service), key: state.id, payload: writeEnvelope(message) };
}

/**
 * The id of the saga that a command starts. It has the time of the command and another tail, because a saga's own
 * command ids are derived from its id (decision 0003) and must not collide with those of its parent.
 */
export function childSagaId(startId: string): string {
  return startId.slice(0, 19) + uuidV5(startId, NAMESPACE).slice(19);
}

/** The command that starts or compensates a child. */
function toChild(
  state: SagaState,
  send: SendCommand,
  child: SagaDefinition,
  topics: Topics,
  now: number,
): OutgoingCommand {
  const { commandId: id, step, undoes, payload: input } = send;
  const { name: saga, version } = child;
  const sagaid = childSagaId(undoes ?? id);
  const message = cloudEvent<StartSaga | UndoSaga>(new Date(now), {
    ...originOf(state, topics),
    id,
    type: undoes === undefined ? START_SAGA : UNDO_SAGA,
    sagaid,
    data: { saga, version, input, parent: { sagaId: state.id, step, commandId: id } },
  });
  return { id, topic: topics.commands, key: sagaid, payload: writeEnvelope(message) };
}

/** The message that an ended child sends to its parent. */
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
  const message = cloudEvent<Reply>(new Date(now), {
    ...originOf(state, topics),
    ...(objection ? { dataschema: REJECTION_SCHEMA } : {}),
    id,
    type: replyType(direction === 'action' ? START_SAGA : UNDO_SAGA),
    sagaid: to.sagaId,
    sagastep: to.step,
    sagadirection: direction,
    inreplyto: to.commandId,
    outcome,
    data: objection,
  });
  return { id, topic: topics.repliesOf(CHILDREN), key: to.sagaId, payload: writeEnvelope(message) };
}

/** What the messages of a saga say of where they come from, and what it carries. */
function originOf({ subject, carried }: SagaState, topics: Topics): Pick<Envelope, 'source' | 'subject'> {
  return { source: sourceOf(topics.orchestrator), subject, ...carried };
}
