import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';
import type { WireReader } from '../wire/wire-reader';
import type { WireWriter } from '../wire/wire-writer';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';
import { mapItems, writeByTopic } from './topic-partitions';
import type { OfTopic } from './topic-partitions';

export const offsetFetch: ApiHandler = { key: 9, minVersion: 1, maxVersion: 8, flexibleFrom: 6, handle };

interface WantedOffsets {
  readonly group: string;
  /** Null for all committed offsets of the group. */
  readonly topics: readonly OfTopic<number>[] | null;
}

/** From version 8 on, a request has several groups. */
const severalGroupsFrom = 8;

function handle(request: KafkaRequest, broker: Broker): RequestOutcome {
  const { body, version } = request;
  const hasSeveral = version >= severalGroupsFrom;
  const wanted = hasSeveral ? body.structs(() => readWanted(body, version)) : [readWanted(body, version)];
  if (version >= 7) body.boolean(); // Whether to wait for transactions: there are none.
  const answer = request.answer();
  if (version >= 3) answer.int32(0);
  if (hasSeveral) {
    answer.structs(wanted, (each) => {
      answer.string(each.group);
      writeOffsets(answer, broker, each, version);
      answer.int16(ErrorCode.none);
    });
    return answer.tags();
  }
  writeOffsets(answer, broker, wanted[0]!, version);
  if (version >= 2) answer.int16(ErrorCode.none);
  return answer.tags();
}

function readWanted(body: WireReader, version: number): WantedOffsets {
  const group = body.string();
  const topics = body.nullableStructs(() => ({ topic: body.string(), items: body.array(() => body.int32()) }));
  // Version 1 has no null: an empty list means all topics.
  return { group, topics: version === 1 && topics?.length === 0 ? null : topics };
}

function writeOffsets(answer: WireWriter, broker: Broker, { group, topics }: WantedOffsets, version: number): void {
  const found = mapItems(topics ?? everythingOf(broker, group), (topic, partition) => {
    const committed = broker.offsets.get(group, topic, partition);
    return { partition, offset: committed?.offset ?? -1, metadata: committed?.metadata ?? '' };
  });
  writeByTopic(answer, found, ({ partition, offset, metadata }) => {
    answer.int32(partition).int64(offset);
    if (version >= 5) answer.int32(-1); // The leader epoch: the leader never changes.
    answer.nullableString(metadata).int16(ErrorCode.none);
  });
}

function everythingOf(broker: Broker, group: string): OfTopic<number>[] {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of broker.offsets.of(group)) {
    const partitions = topics.get(topic) ?? [];
    topics.set(topic, partitions);
    partitions.push(partition);
  }
  return [...topics].map(([topic, items]) => ({ topic, items }));
}
