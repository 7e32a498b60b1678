import {
  commandDigest,
  commandProblem,
  isKey,
  isMessageId,
  isUuid,
  parseEnvelope,
  readLoosely,
  UnreadableMessageError,
  problemOf,
  canonicalData,
  type Command,
  type CommandContract,
  type Rejection,
} from '../contract';
import type { IncomingMessage } from '../messaging';
import type { Answerable } from './reply';
import type { Served } from './served';

/** A command on its way to its handler. */
export interface Delivery {
  readonly message: IncomingMessage;
  readonly command: Command;
  /** Of the command as it came: what a contract makes of its data may differ between releases. */
  readonly digest: Buffer;
  readonly contract: CommandContract;
}

/** A message that no handler can take; when enough of it can be read, its saga can be told. */
export interface Undeliverable {
  readonly message: IncomingMessage;
  readonly rejection: Rejection;
  readonly command?: Answerable | undefined;
  readonly digest?: Buffer | undefined;
}

/** A command that is not the one that the inbox has under its id. */
export type Mistaken = Undeliverable & Required<Pick<Undeliverable, 'command'>>;

/** Reads a message as a command for one of these contracts, by type. */
export function read(
  message: IncomingMessage,
  served: Served,
  contracts: ReadonlyMap<string, CommandContract>,
): Delivery | Undeliverable {
  try {
    return deliver(message, parseEnvelope(message.value) as Command, served, contracts);
  } catch (error) {
    if (!(error instanceof UnreadableMessageError)) throw error;
    const rejection = { reason: error.reason, detail: error.message };
    return undeliverable(message, rejection, readLoosely(message.value), served);
  }
}

function deliver(
  message: IncomingMessage,
  command: Command,
  served: Served,
  contracts: ReadonlyMap<string, CommandContract>,
): Delivery | Undeliverable {
  const object = (reason: string, detail: string): Undeliverable =>
    undeliverable(message, { reason, detail }, command, served);
  const problem = commandProblem(command);
  if (problem) return object('no-command', problem);
  if (served.by(command.replyto) === undefined)
    return object('foreign-reply-topic', `replyto must be ${served.replyTopics.join(' or ')}.`);
  const contract = contracts.get(command.type);
  if (contract === undefined) return object('unknown-type', `${served.service} handles no ${command.type}.`);
  const data = canonicalData(contract.payload, command.data);
  const misfit = problemOf(contract.payload, data);
  return misfit === undefined
    ? { message, command: { ...command, data }, digest: commandDigest(command), contract }
    : object('invalid-payload', misfit);
}

function undeliverable(
  message: IncomingMessage,
  rejection: Rejection,
  document: object,
  served: Served,
): Undeliverable {
  const command = answerable(document, served);
  if (command === undefined) return { message, rejection, command };
  const { undoes, data } = document as Partial<Command>;
  return { message, rejection, command, digest: commandDigest({ ...command, undoes, data }) };
}

/**
 * As much of a broken command as an answer needs: whose it is, and under which id. The answer goes by one of this service's
 * own reply topics, whatever the command says; where that id is not awaited, it changes nothing.
 */
function answerable(document: object, served: Served): Answerable | undefined {
  const { id, sagaid, sagastep, sagadirection, type, subject, traceparent, replyto } = document as Partial<Command>;
  if (!isMessageId(id) || !isUuid(sagaid) || !isKey(sagastep)) return undefined;
  if (sagadirection !== 'action' && sagadirection !== 'compensation') return undefined;
  return {
    id,
    type: isKey(type) ? type : `${served.service}.unreadable.v1`,
    subject: isKey(subject) ? subject : undefined,
    traceparent: isKey(traceparent) ? traceparent : undefined,
    sagaid,
    sagastep,
    sagadirection,
    replyto: (served.by(replyto) ?? served.first).repliesOf(served.service),
  };
}

export function isDelivery(read: Delivery | Undeliverable): read is Delivery {
  return 'contract' in read;
}
