import {
  carriedBy,
  cloudEvent,
  validOf,
  isRefusal,
  REJECTION_SCHEMA,
  replyType,
  SagaError,
  schemaUri,
  shorten,
  sourceOf,
  writeEnvelope,
  type Command,
  type CommandContract,
  type Rejection,
  type ReplyOutcome,
  type Reply,
} from '../contract';
import { newId } from '../messaging';

export class UndeclaredRefusalError extends SagaError {
  readonly code = 'undeclared-refusal';
}

/** As much of a command as an answer to it needs. */
export type Answerable = Omit<
  Command,
  'specversion' | 'source' | 'time' | 'datacontenttype' | 'dataschema' | 'sagaattempt' | 'data'
>;

/** An answer ready to be kept in the inbox and sent. */
export interface Answer {
  /** The id of the command it answers. */
  readonly id: string;
  readonly outcome: ReplyOutcome;
  /** The envelope, as it is kept and sent. */
  readonly reply: string;
  readonly topic: string;
  readonly key: string;
}

/** Turns what a handler returned into its answer. Throws when its contract does not allow it, which rolls it back. */
export function answerWith(contract: CommandContract, command: Command, service: string, result: unknown): Answer {
  if (isRefusal(result)) {
    if (!contract.refusals.includes(result.reason)) {
      throw new UndeclaredRefusalError(
        `${contract.name} was refused for "${result.reason}", which its contract does not declare.`,
      );
    }
    return answer(command, service, 'refusal', { reason: result.reason, detail: result.detail } satisfies Rejection);
  }
  const data = contract.reply ? validOf(`The reply to ${contract.name}`, contract.reply, result) : null;
  return answer(command, service, 'success', data);
}

/** Long stories are cut: a failure must always fit into a message. */
export function failWith(command: Answerable, service: string, { reason, detail, unfinished }: Rejection): Answer {
  return answer(command, service, 'failure', {
    reason: shorten(reason, 100),
    detail: detail === undefined ? undefined : shorten(detail, 500),
    unfinished,
  });
}

/** The answer to a command of which nobody can tell what became of it. */
export function unknownReply(command: Answerable, service: string, { reason, detail = '' }: Rejection): Answer {
  return answer(command, service, 'unknown', { reason, detail: shorten(detail, 500) });
}

export function answer(command: Answerable, service: string, outcome: ReplyOutcome, data: unknown): Answer {
  const type = replyType(command.type);
  const reply = cloudEvent<Reply>(new Date(), {
    id: newId(),
    type,
    source: sourceOf(service),
    subject: command.subject,
    dataschema: outcome === 'success' ? schemaUri(type) : REJECTION_SCHEMA,
    ...carriedBy(command),
    sagaid: command.sagaid,
    sagastep: command.sagastep,
    sagadirection: command.sagadirection,
    inreplyto: command.id,
    outcome,
    data,
  });
  return { id: command.id, outcome, reply: writeEnvelope(reply), topic: command.replyto, key: command.sagaid };
}
