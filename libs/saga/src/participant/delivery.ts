import {
  commandProblem,
  parseEnvelope,
  replyTopic,
  violations,
  type Command,
  type CommandContract,
  type Objection,
} from '../contract';
import type { IncomingMessage } from '../messaging';

/** A command on its way to its handler. */
export interface Delivery {
  readonly message: IncomingMessage;
  readonly command: Command;
  readonly contract: CommandContract;
}

/** A message that no handler can take; when it is a command, its sender can be told. */
export interface Undeliverable {
  readonly message: IncomingMessage;
  readonly objection: Objection;
  readonly command?: Command | undefined;
}

/** Reads a message as a command for one of these contracts, by type. */
export function read(
  message: IncomingMessage,
  service: string,
  contracts: ReadonlyMap<string, CommandContract>,
): Delivery | Undeliverable {
  let envelope;
  try {
    envelope = parseEnvelope(message.value);
  } catch (error) {
    return { message, objection: { reason: 'unreadable', detail: (error as Error).message } };
  }
  const command = envelope as Command;
  const problem = commandProblem(command);
  if (problem) return { message, objection: { reason: 'no-command', detail: problem } };
  if (command.replyto !== replyTopic(service)) {
    return { message, objection: { reason: 'no-command', detail: `replyto must be ${replyTopic(service)}.` } };
  }
  const contract = contracts.get(command.type);
  if (contract === undefined) {
    return {
      message,
      command,
      objection: { reason: 'unknown-type', detail: `${service} handles no ${command.type}.` },
    };
  }
  const wrong = violations(contract.payload, command.data);
  if (wrong.length > 0) {
    const detail = wrong.map(({ field, problem: what }) => `${field} ${what}`).join('; ');
    return { message, command, objection: { reason: 'invalid-payload', detail } };
  }
  return { message, command, contract };
}

export function isDelivery(read: Delivery | Undeliverable): read is Delivery {
  return 'contract' in read;
}
