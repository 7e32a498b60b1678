import { cloudEvent, sourceOf, writeEnvelope, type Command, type Topics } from '../contract';
import type { SagaState, SendCommand } from '../engine';
import { toChild } from './child-message';
import type { OutgoingCommand } from '../store';

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
