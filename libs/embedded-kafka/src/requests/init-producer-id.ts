import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, Outcome } from './kafka-request';

export const initProducerId: ApiHandler = { key: 22, minVersion: 0, maxVersion: 0, handle };

function handle(request: KafkaRequest, broker: Broker): Outcome {
  const { body } = request;
  const transactionalId = body.nullableString();
  body.int32(); // The transaction's timeout.
  const answer = request.answer().int32(0);
  if (transactionalId !== null) return answer.int16(ErrorCode.invalidRequest).int64(-1).int16(-1);
  return answer.int16(ErrorCode.none).int64(broker.catalog.takeProducerId()).int16(0);
}
