import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';

const key = 18;
const maxVersion = 4;
const flexibleFrom = 3;

/**
 * Lists the supported APIs and versions. An unsupported version is answered in version 0, so that the client retries
 * with a supported one.
 */
export function apiVersions(others: readonly ApiHandler[]): ApiHandler {
  const self: ApiHandler = { key, minVersion: 0, maxVersion, flexibleFrom, handle };
  const offered = [...others, self].toSorted((left, right) => left.key - right.key);

  function handle(request: KafkaRequest): RequestOutcome {
    const isOffered = request.version >= 0 && request.version <= maxVersion;
    const isFlexible = isOffered && request.version >= flexibleFrom;
    const answer = request
      .answerWithPlainHeader(isFlexible)
      .int16(isOffered ? ErrorCode.none : ErrorCode.unsupportedVersion);
    answer.structs(offered, (api) => {
      answer.int16(api.key).int16(api.minVersion).int16(api.maxVersion);
    });
    if (isOffered && request.version >= 1) answer.int32(0);
    return answer.tags();
  }

  return self;
}
