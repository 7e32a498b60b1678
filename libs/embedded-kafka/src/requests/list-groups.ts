import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';

export const listGroups: ApiHandler = { key: 16, minVersion: 0, maxVersion: 5, flexibleFrom: 3, handle };

/** The classic type, whose members assign the partitions themselves; the broker supports no other. */
const groupType = 'classic';

function handle(request: KafkaRequest, broker: Broker): RequestOutcome {
  const { body, version } = request;
  const states = version >= 4 ? body.array(() => body.string()) : [];
  const types = version >= 5 ? body.array(() => body.string().toLowerCase()) : [];
  const listed = broker.groups.all().filter(({ state }) => {
    return (states.length === 0 || states.includes(state)) && (types.length === 0 || types.includes(groupType));
  });
  const answer = request.answer();
  if (version >= 1) answer.int32(0);
  answer.int16(ErrorCode.none);
  answer.structs(listed, ({ name, protocolType, state }) => {
    answer.string(name).string(protocolType);
    if (version >= 4) answer.string(state);
    if (version >= 5) answer.string(groupType);
  });
  return answer.tags();
}
