import { CONTENT_TYPE, type Command } from '@palinode/saga/contract';
import type { ParticipantContract } from './participant-contract';
import type { Received } from './played-orchestrator';

/** What is wrong with a reply as the answer to this command (rule 11), one thing a line. */
export function wrongIn(
  command: Command,
  { topic, key, headers, reply }: Received,
  contract: ParticipantContract,
): string[] {
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
  ];
  return [
    ...found
      .filter(([, is, mustBe]) => is !== mustBe)
      .map(([what, is, mustBe]) => `${what} is ${String(is)}, not ${String(mustBe)}`),
    ...(reply.id === command.id ? ['its id is that of the command'] : []),
    ...contract.problemsOf(command, reply),
  ];
}
