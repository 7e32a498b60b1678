import type { Broker } from '../broker';
import type { PartitionLog } from '../log/partition-log';
import type { TimestampedOffset } from '../log/timestamp-lookup';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, Outcome } from './kafka-request';
import { mapItems, readByTopic, writeByTopic } from './topic-partitions';
import { tellUnreadable } from './unreadable-log';

export const listOffsets: ApiHandler = { key: 2, minVersion: 0, maxVersion: 1, handle };

const latest = -1n;
const earliest = -2n;
const nowhere: TimestampedOffset = { offset: -1, timestamp: -1n };

function handle(request: KafkaRequest, broker: Broker): Outcome {
  const { body, version } = request;
  body.int32(); // The replica id: there are no replicas.
  const topics = readByTopic(body, () => {
    const wanted = { partition: body.int32(), timestamp: body.bigint64() };
    if (version === 0) body.int32();
    return wanted;
  });
  const found = mapItems(topics, (topic, { partition, timestamp }) => {
    const log = broker.catalog.partition(topic, partition);
    if (!log) return { partition, error: ErrorCode.unknownTopicOrPartition, at: nowhere };
    try {
      return { partition, error: ErrorCode.none, at: locate(log, timestamp) };
    } catch (error) {
      tellUnreadable(broker, log, error as Error);
      return { partition, error: ErrorCode.kafkaStorageError, at: nowhere };
    }
  });
  const answer = request.answer();
  writeByTopic(answer, found, ({ partition, error, at }) => {
    answer.int32(partition).int16(error);
    if (version === 0) answer.array(at.offset < 0 ? [] : [at.offset], (offset) => answer.int64(offset));
    else answer.bigint64(at.timestamp).int64(at.offset);
  });
  return answer;
}

function locate(log: PartitionLog, timestamp: bigint): TimestampedOffset {
  if (timestamp === latest) return { offset: log.highWatermark, timestamp: -1n };
  if (timestamp === earliest) return { offset: log.startOffset, timestamp: -1n };
  const found = log.offsetAt(timestamp);
  return found && found.offset < log.highWatermark ? found : nowhere;
}
