import type { Broker } from '../broker';
import type { SyncAnswer } from '../groups/group-member';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';

export const syncGroup: ApiHandler = { key: 14, minVersion: 0, maxVersion: 5, flexibleFrom: 4, handle };

async function handle(request: KafkaRequest, broker: Broker): Promise<RequestOutcome> {
  const { body, version } = request;
  const name = body.string();
  const generation = body.int32();
  const memberId = body.string();
  if (version >= 3) body.nullableString(); // The id of a static member.
  const protocolType = version >= 5 ? body.nullableString() : null;
  const protocolName = version >= 5 ? body.nullableString() : null;
  const assignments = new Map(body.structs(() => [body.string(), Buffer.from(body.bytes())] as const));
  const group = broker.groups.get(name);
  const unknown: SyncAnswer = { error: ErrorCode.unknownMemberId, assignment: Buffer.alloc(0) };
  const { error, assignment } = group
    ? await new Promise<SyncAnswer>((resolve) => group.sync(memberId, generation, assignments, resolve))
    : unknown;
  const answer = request.answer();
  if (version >= 1) answer.int32(0);
  answer.int16(error);
  if (version >= 5) answer.nullableString(protocolType).nullableString(protocolName);
  return answer.bytes(assignment).tags();
}
