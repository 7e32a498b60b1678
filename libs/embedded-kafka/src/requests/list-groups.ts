import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, Outcome } from './kafka-request';

export const listGroups: ApiHandler = { key: 16, minVersion: 0, maxVersion: 1, handle };

function handle(request: KafkaRequest, broker: Broker): Outcome {
  const answer = request.answer();
  if (request.version >= 1) answer.int32(0);
  answer.int16(ErrorCode.none);
  return answer.array(broker.groups.all(), ({ name, protocolType }) => answer.string(name).string(protocolType));
}
