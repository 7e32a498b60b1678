import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, Outcome } from './kafka-request';
import { mapItems, writeByTopic } from './topic-partitions';
import type { OfTopic } from './topic-partitions';

export const offsetFetch: ApiHandler = { key: 9, minVersion: 1, maxVersion: 2, handle };

function handle(request: KafkaRequest, broker: Broker): Outcome {
  const { body, version } = request;
  const group = body.string();
  const named = body.nullableArray(() => ({ topic: body.string(), items: body.array(() => body.int32()) }));
  const found = mapItems(named ?? everythingOf(broker, group), (topic, partition) => {
    const committed = broker.offsets.get(group, topic, partition);
    return { partition, offset: committed?.offset ?? -1, metadata: committed?.metadata ?? '' };
  });
  const answer = request.answer();
  writeByTopic(answer, found, ({ partition, offset, metadata }) => {
    answer.int32(partition).int64(offset).nullableString(metadata).int16(ErrorCode.none);
  });
  return version >= 2 ? answer.int16(ErrorCode.none) : answer;
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
