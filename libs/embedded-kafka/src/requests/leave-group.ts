import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, Outcome } from './kafka-request';

export const leaveGroup: ApiHandler = { key: 13, minVersion: 0, maxVersion: 1, handle };

function handle(request: KafkaRequest, broker: Broker): Outcome {
  const { body, version } = request;
  const name = body.string();
  const memberId = body.string();
  const error = broker.groups.get(name)?.leave(memberId) ?? ErrorCode.unknownMemberId;
  const answer = request.answer();
  if (version >= 1) answer.int32(0);
  return answer.int16(error);
}
