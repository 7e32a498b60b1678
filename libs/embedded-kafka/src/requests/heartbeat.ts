import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';

export const heartbeat: ApiHandler = { key: 12, minVersion: 0, maxVersion: 4, flexibleFrom: 4, handle };

function handle(request: KafkaRequest, broker: Broker): RequestOutcome {
  const { body, version } = request;
  const name = body.string();
  const generation = body.int32();
  const memberId = body.string();
  if (version >= 3) body.nullableString(); // The id of a static member.
  const error = broker.groups.get(name)?.heartbeat(memberId, generation) ?? ErrorCode.unknownMemberId;
  const answer = request.answer();
  if (version >= 1) answer.int32(0);
  return answer.int16(error).tags();
}
