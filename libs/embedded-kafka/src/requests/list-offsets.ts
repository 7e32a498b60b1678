import type { Broker } from '../broker';
import type { PartitionLog } from '../log/partition-log';
import type { TimestampedOffset } from '../log/timestamp-lookup';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';
import { mapItems, readByTopic, writeByTopic } from './topic-partitions';
import { reportUnreadable } from './unreadable-log';

export const listOffsets: ApiHandler = { key: 2, minVersion: 0, maxVersion: 7, flexibleFrom: 6, handle };

const latest = -1n;
const earliest = -2n;
const newestTimestamp = -3n;
const nowhere: TimestampedOffset = { offset: -1, timestamp: -1n };

function handle(request: KafkaRequest, broker: Broker): RequestOutcome {
  const { body, version } = request;
  body.int32(); // The replica id: there are no replicas.
  if (version >= 2) body.int8(); // The isolation level: there are no transactions.
  const topics = readByTopic(body, () => {
    const partition = body.int32();
    if (version >= 4) body.int32(); // The leader epoch: the leader never changes.
    const wanted = { partition, timestamp: body.bigint64() };
    if (version === 0) body.int32();
    return wanted;
  });
  const found = mapItems(topics, (topic, { partition, timestamp }) => {
    const log = broker.catalog.partition(topic, partition);
    if (!log) return { partition, error: ErrorCode.unknownTopicOrPartition, at: nowhere };
    try {
      return { partition, error: ErrorCode.none, at: locate(log, timestamp) };
    } catch (error) {
      reportUnreadable(broker, log, error as Error);
      return { partition, error: ErrorCode.kafkaStorageError, at: nowhere };
    }
  });
  const answer = request.answer();
  if (version >= 2) answer.int32(0);
  writeByTopic(answer, found, ({ partition, error, at }) => {
    answer.int32(partition).int16(error);
    if (version === 0) answer.array(at.offset < 0 ? [] : [at.offset], (offset) => answer.int64(offset));
    else answer.bigint64(at.timestamp).int64(at.offset);
    if (version >= 4) answer.int32(-1);
  });
  return answer.tags();
}

function locate(log: PartitionLog, timestamp: bigint): TimestampedOffset {
  if (timestamp === latest) return { offset: log.highWatermark, timestamp: -1n };
  if (timestamp === earliest) return { offset: log.startOffset, timestamp: -1n };
  const sought = timestamp === newestTimestamp ? log.newestTimestamp : timestamp;
  const found = sought === undefined ? undefined : log.offsetAt(sought);
  return found && found.offset < log.highWatermark ? found : nowhere;
}
