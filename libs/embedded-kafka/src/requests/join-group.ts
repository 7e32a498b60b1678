import type { Broker } from '../broker';
import { metadataBytes, refusedJoin } from '../groups/group-member';
import type { JoinAnswer, JoinRequest } from '../groups/group-member';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';

export const joinGroup: ApiHandler = { key: 11, minVersion: 0, maxVersion: 9, flexibleFrom: 6, handle };

const maxSessionTimeoutMs = 30 * 60 * 1000;

async function handle(request: KafkaRequest, broker: Broker): Promise<RequestOutcome> {
  const { body, version, clientId, origin } = request;
  const group = body.string();
  const sessionTimeoutMs = body.int32();
  const join: JoinRequest = {
    clientId,
    clientHost: `/${origin.host}`,
    sessionTimeoutMs,
    rebalanceTimeoutMs: version >= 1 ? body.int32() : sessionTimeoutMs,
    memberId: body.string(),
    groupInstanceId: version >= 5 ? body.nullableString() : null,
    protocolType: body.string(),
    // Copied, because they outlive their frame.
    protocols: body.structs(() => ({ name: body.string(), metadata: Buffer.from(body.bytes()) })),
  };
  if (version >= 8) body.nullableString(); // The reason.
  const refusal = refusalOf(broker, group, join);
  if (refusal !== ErrorCode.none) return respond(request, refusedJoin(join, refusal));
  return respond(request, await waitForGroup(request, broker, group, join));
}

function waitForGroup({ origin }: KafkaRequest, broker: Broker, name: string, join: JoinRequest): Promise<JoinAnswer> {
  return new Promise((resolve) => {
    const group = broker.groups.obtain(name);
    let forgetClose: (() => void) | undefined;
    const memberId = group.join(join, (answer) => {
      forgetClose?.();
      resolve(answer);
    });
    if (memberId === undefined) return;
    forgetClose = origin.onClose(() => group.abandonJoin(memberId, join.memberId === ''));
  });
}

function refusalOf({ settings, groups }: Broker, group: string, join: JoinRequest): ErrorCode {
  const { sessionTimeoutMs } = join;
  if (group === '') return ErrorCode.invalidGroupId;
  if (!groups.hasRoomFor(metadataBytes(join.protocols))) return ErrorCode.groupMaxSizeReached;
  const isAllowed = sessionTimeoutMs >= settings.groupMinSessionTimeoutMs && sessionTimeoutMs <= maxSessionTimeoutMs;
  return isAllowed ? ErrorCode.none : ErrorCode.invalidSessionTimeout;
}

function respond(request: KafkaRequest, join: JoinAnswer): RequestOutcome {
  const { version } = request;
  const answer = request.answer();
  if (version >= 2) answer.int32(0);
  answer.int16(join.error).int32(join.generation);
  if (version >= 7) answer.nullableString(join.protocolType);
  answer.string(join.protocolName).string(join.leader);
  if (version >= 9) answer.boolean(false); // Whether the leader can skip the assignment.
  answer.string(join.memberId);
  answer.structs(join.members, ({ id, groupInstanceId, metadata }) => {
    answer.string(id);
    if (version >= 5) answer.nullableString(groupInstanceId);
    answer.bytes(metadata);
  });
  return answer.tags();
}
