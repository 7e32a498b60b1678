import { nodeId } from '../broker';
import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, Outcome } from './kafka-request';

export const findCoordinator: ApiHandler = { key: 10, minVersion: 0, maxVersion: 1, handle };

const ofGroup = 0;

function handle(request: KafkaRequest, { advertised }: Broker): Outcome {
  const { body, version } = request;
  body.string(); // Which group or transaction: the one broker coordinates all.
  const isGroup = version === 0 || body.int8() === ofGroup;
  const error = isGroup ? ErrorCode.none : ErrorCode.invalidRequest;
  const answer = request.answer();
  if (version >= 1) answer.int32(0);
  answer.int16(error);
  if (version >= 1) answer.nullableString(isGroup ? null : 'This broker offers no transactions.');
  return answer.int32(nodeId).string(advertised.host).int32(advertised.port);
}
