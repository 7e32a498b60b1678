import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';
import type { WireReader } from '../wire/wire-reader';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';

export const leaveGroup: ApiHandler = { key: 13, minVersion: 0, maxVersion: 5, flexibleFrom: 4, handle };

/** From version 3 on, several members leave at once, each with its own error code. */
const severalMembersFrom = 3;

interface Leaving {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

function handle(request: KafkaRequest, broker: Broker): RequestOutcome {
  const { body, version } = request;
  const group = broker.groups.get(body.string());
  const hasSeveral = version >= severalMembersFrom;
  const leaving = hasSeveral
    ? body.structs(() => readLeaving(body, version))
    : [{ memberId: body.string(), groupInstanceId: null }];
  const left = leaving.map(({ memberId, groupInstanceId }) => {
    const error = group?.leave(memberId, groupInstanceId) ?? ErrorCode.unknownMemberId;
    return { memberId, groupInstanceId, error };
  });
  const answer = request.answer();
  if (version >= 1) answer.int32(0);
  if (!hasSeveral) return answer.int16(left[0]!.error);
  answer.int16(ErrorCode.none).structs(left, ({ memberId, groupInstanceId, error }) => {
    answer.string(memberId).nullableString(groupInstanceId).int16(error);
  });
  return answer.tags();
}

function readLeaving(body: WireReader, version: number): Leaving {
  const leaving = { memberId: body.string(), groupInstanceId: body.nullableString() };
  if (version >= 5) body.nullableString(); // The reason.
  return leaving;
}
