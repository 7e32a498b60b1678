import type { Broker } from '../broker';
import type { Group } from '../groups/group';
import { metadataFor } from '../groups/group-member';
import { ErrorCode } from '../wire/error-code';
import type { WireWriter } from '../wire/wire-writer';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';

export const describeGroups: ApiHandler = { key: 15, minVersion: 0, maxVersion: 5, flexibleFrom: 5, handle };

function handle(request: KafkaRequest, broker: Broker): RequestOutcome {
  const { body, version } = request;
  const names = [...new Set(body.array(() => body.string()))];
  if (version >= 3) body.boolean(); // Whether to include authorized operations: there is no authorization.
  const answer = request.answer();
  if (version >= 1) answer.int32(0);
  answer.structs(names, (name) => {
    writeGroup(answer, name, broker.groups.get(name), version);
    if (version >= 3) answer.int32(noOperations);
  });
  return answer.tags();
}

/** Means: not requested. */
const noOperations = -(2 ** 31);

function writeGroup(answer: WireWriter, name: string, group: Group | undefined, version: number): void {
  answer.int16(ErrorCode.none).string(name);
  if (!group) {
    answer
      .string('Dead')
      .string('')
      .string('')
      .structs([], () => undefined);
    return;
  }
  const protocolName = group.state === 'Stable' ? group.protocolName : '';
  answer.string(group.state).string(group.protocolType).string(protocolName);
  answer.structs([...group.members.values()], (member) => {
    answer.string(member.id);
    if (version >= 4) answer.nullableString(member.groupInstanceId);
    answer.string(member.clientId).string(member.clientHost);
    answer.bytes(metadataFor(member, protocolName)).bytes(member.assignment);
  });
}
