import type { Command } from '@palinode/saga/contract';
import { CONTENT_TYPE } from '@palinode/saga/internal/contract';
import type { ParticipantContract } from './participant-contract';
import type { Received } from './played-orchestrator';

/** The errors of a reply to this command (rule 11), one per line. */
export function wrongIn(command: Command, received: Received, contract: ParticipantContract): string[] {
  return [...attributesWrongIn(command, received), ...contract.problemsOf(command, received.reply)];
}

/** The errors in the attributes that every reply has. */
export function attributesWrongIn(command: Command, { topic, key, headers, reply }: Received): string[] {
  const found: [what: string, is: unknown, mustBe: unknown][] = [
    ['its topic', topic, command.replyto],
    ['its key', key, command.sagaid],
    ['the header content-type', headers['content-type'], CONTENT_TYPE],
    ['inreplyto', reply.inreplyto, command.id],
    ['sagaid', reply.sagaid, command.sagaid],
    ['sagastep', reply.sagastep, command.sagastep],
    ['sagadirection', reply.sagadirection, command.sagadirection],
    ['subject', reply.subject, command.subject],
    ['traceparent', reply.traceparent, command.traceparent],
    ['datacontenttype', reply.datacontenttype, 'application/json'],
  ];
  return [
    ...found
      .filter(([, is, mustBe]) => is !== mustBe)
      .map(([what, is, mustBe]) => `${what} is ${String(is)}, not ${String(mustBe)}`),
    ...(Number.isNaN(Date.parse(String(reply.time))) ? [`time is ${String(reply.time)}, which is not a time`] : []),
    ...(reply.id === command.id ? ['its id is that of the command'] : []),
  ];
}
