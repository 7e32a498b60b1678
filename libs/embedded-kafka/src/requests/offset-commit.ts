import type { Broker } from '../broker';
import type { CommittedOffset } from '../groups/committed-offsets';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';
import { orStorageError } from './storage-failure';
import { mapItems, readByTopic, writeByTopic } from './topic-partitions';

export const offsetCommit: ApiHandler = { key: 8, minVersion: 1, maxVersion: 8, flexibleFrom: 8, handle };

const maxMetadataBytes = 4096;

async function handle(request: KafkaRequest, broker: Broker): Promise<RequestOutcome> {
  const { body, version } = request;
  const group = body.string();
  const generation = body.int32();
  const memberId = body.string();
  if (version >= 7) body.nullableString(); // The id of a static member.
  if (version >= 2 && version <= 4) body.int64(); // The retention time: offsets do not expire.
  const topics = readByTopic(body, (topic): CommittedOffset => {
    const partition = body.int32();
    const offset = body.int64();
    if (version >= 6) body.int32(); // The leader epoch: the leader never changes.
    if (version === 1) body.int64(); // The commit's timestamp: offsets do not expire.
    return { topic, partition, offset, metadata: body.nullableString() ?? '' };
  });
  const refusal = group === '' ? ErrorCode.invalidGroupId : refusalOf(broker, group, memberId, generation);
  const checked = mapItems(topics, (_, offset) => ({ offset, error: refusal || refusalOfOffset(broker, offset) }));
  const accepted = checked.flatMap(({ items }) => items.filter(({ error }) => error === ErrorCode.none));
  const commit = async (): Promise<ErrorCode> => {
    await broker.offsets.commit(
      group,
      accepted.map(({ offset }) => offset),
    );
    return ErrorCode.none;
  };
  // Clients retry a commit after this error; they do not expect a storage error here.
  const failure = await orStorageError(broker, commit, () => ErrorCode.coordinatorNotAvailable);
  const answer = request.answer();
  if (version >= 3) answer.int32(0);
  writeByTopic(answer, checked, ({ offset, error }) => answer.int32(offset.partition).int16(error || failure));
  return answer.tags();
}

function refusalOf(broker: Broker, name: string, memberId: string, generation: number): ErrorCode {
  const group = broker.groups.get(name);
  if (group) return group.commitRefusal(memberId, generation);
  return generation < 0 ? ErrorCode.none : ErrorCode.illegalGeneration;
}

function refusalOfOffset(broker: Broker, { topic, partition, offset, metadata }: CommittedOffset): ErrorCode {
  if (!broker.catalog.partition(topic, partition)) return ErrorCode.unknownTopicOrPartition;
  // An offset that no log reaches, and that a double cannot represent exactly.
  if (!Number.isSafeInteger(offset)) return ErrorCode.offsetOutOfRange;
  return Buffer.byteLength(metadata) > maxMetadataBytes ? ErrorCode.offsetMetadataTooLarge : ErrorCode.none;
}
