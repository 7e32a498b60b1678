import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, Outcome } from './kafka-request';

const key = 18;
const maxVersion = 2;

/** Tells clients what is offered. A later version than offered is answered in version 0, so that they ask again. */
export function apiVersions(others: readonly ApiHandler[]): ApiHandler {
  const self: ApiHandler = { key, minVersion: 0, maxVersion, handle };
  const offered = [...others, self].toSorted((left, right) => left.key - right.key);

  function handle(request: KafkaRequest): Outcome {
    const isOffered = request.version >= 0 && request.version <= maxVersion;
    const answer = request.answer().int16(isOffered ? ErrorCode.none : ErrorCode.unsupportedVersion);
    answer.array(offered, (api) => {
      answer.int16(api.key).int16(api.minVersion).int16(api.maxVersion);
    });
    return isOffered && request.version >= 1 ? answer.int32(0) : answer;
  }

  return self;
}
