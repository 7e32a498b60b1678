import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';
import { orStorageError } from './storage-failure';

export const initProducerId: ApiHandler = { key: 22, minVersion: 0, maxVersion: 4, flexibleFrom: 2, handle };

const producerIdAndEpochBytes = 10;

interface Given {
  readonly error: ErrorCode;
  readonly producerId: number;
}

async function handle(request: KafkaRequest, broker: Broker): Promise<RequestOutcome> {
  const { body, version } = request;
  const transactionalId = body.nullableString();
  body.int32(); // The transaction's timeout.
  if (version >= 3) body.skip(producerIdAndEpochBytes); // The present producer id and epoch: only transactions keep them.
  const answer = request.answer().int32(0);
  if (transactionalId !== null) {
    return answer.int16(ErrorCode.transactionalIdAuthorizationFailed).int64(-1).int16(-1).tags();
  }
  const given = await orStorageError<Given>(
    broker,
    () => ({ error: ErrorCode.none, producerId: broker.catalog.takeProducerId() }),
    () => ({ error: ErrorCode.coordinatorNotAvailable, producerId: -1 }),
  );
  return answer
    .int16(given.error)
    .int64(given.producerId)
    .int16(given.error ? -1 : 0)
    .tags();
}
