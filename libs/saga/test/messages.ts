import { v7 as uuidV7 } from 'uuid';
import {
  cloudEvent,
  commandTopic,
  ORCHESTRATOR_COMMANDS,
  replyTopic,
  START_SAGA,
  type Command,
  type CommandContract,
  type Reply,
  type StartSaga,
} from '../src/contract';
import type { IncomingMessage, OutgoingMessage } from '../src/messaging';

/** Creates a command as the orchestrator sends it, of a new saga unless the attributes say otherwise. */
export function aCommand(contract: CommandContract, data: unknown, attributes: Partial<Command> = {}): Command {
  return cloudEvent<Command>(new Date(), {
    ...origin(),
    type: contract.type,
    sagaid: uuidV7(),
    sagastep: 'step',
    sagadirection: 'action',
    sagaattempt: 1,
    replyto: replyTopic(contract.service),
    data,
    ...attributes,
  });
}

/** Creates the compensation of this command. */
export function undoing(action: Command, contract: CommandContract, data: unknown): Command {
  return aCommand(contract, data, { sagaid: action.sagaid, sagadirection: 'compensation', undoes: action.id });
}

/** Creates a reply to this command, as its participant sends it. */
export function aReply(command: Command, outcome: Reply['outcome'], data: unknown = null): Reply {
  const { id: inreplyto, sagaid, sagastep, sagadirection } = command;
  const type = 'reply.v1';
  const of = { sagaid, sagastep, sagadirection, inreplyto };
  return cloudEvent<Reply>(new Date(), { ...origin(), type, ...of, outcome, data });
}

export function aStart(saga: string, input: unknown, attributes: Partial<StartSaga> = {}): StartSaga {
  const data = { saga, input };
  return cloudEvent<StartSaga>(new Date(), { ...origin(), type: START_SAGA, sagaid: uuidV7(), data, ...attributes });
}

function origin(): Pick<StartSaga, 'id' | 'source'> {
  return { id: uuidV7(), source: '/test' };
}

/** Wraps a message as the transport delivers it. */
export function incoming(topic: string, value: unknown): IncomingMessage {
  const bytes = typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value);
  return { topic, partition: 0, offset: '0', key: null, value: Buffer.from(bytes) };
}

/** Turns what one transport published into what another delivers. */
export function passedOn({ topic, key, value, headers }: OutgoingMessage, offset = '0'): IncomingMessage {
  const bytes = (part: string | Buffer | null): Buffer | null => (part === null ? null : Buffer.from(part));
  return { topic, partition: 0, offset, key: bytes(key), value: bytes(value), headers };
}

export function incomingCommand(command: Command): IncomingMessage {
  return incoming(commandTopic(command.type.slice(0, command.type.indexOf('.'))), command);
}

/** Creates a reply on the reply topic of the service. */
export function incomingReply(command: Command, outcome: Reply['outcome'], data?: unknown): IncomingMessage {
  return incoming(command.replyto, aReply(command, outcome, data));
}

export function incomingStart(start: StartSaga): IncomingMessage {
  return incoming(ORCHESTRATOR_COMMANDS, start);
}
