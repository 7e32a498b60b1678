import type { Broker } from '../broker';
import type { Appended } from '../log/partition-log';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, Outcome } from './kafka-request';
import { mapItems, readByTopic, writeByTopic } from './topic-partitions';
import type { OfTopic } from './topic-partitions';

interface Written {
  readonly partition: number;
  appended: Appended;
}

/**
 * Versions 0 to 2 exist for librdkafka, which takes compression to be missing when they are. They differ only in
 * their framing: records must be batches of version 2 all the same.
 */
export const produce: ApiHandler = { key: 0, minVersion: 0, maxVersion: 3, handle };

function handle(request: KafkaRequest, broker: Broker): Outcome | Promise<Outcome> {
  const { body, version } = request;
  const transactionalId = version >= 3 ? body.nullableString() : null;
  const acks = body.int16();
  body.int32(); // The timeout is for replicas to wait for; there are none.
  const topics = readByTopic(body, () => ({ partition: body.int32(), records: body.bytes() }));
  const refusal = refusalOf(transactionalId, acks);
  const written = mapItems(topics, (topic, { partition, records }) => {
    const appended = refusal ? refused(refusal) : append(broker, topic, partition, records);
    return { partition, appended };
  });
  const pending = written.flatMap(({ items }) =>
    items.filter((item) => item.appended.durable !== undefined).map(settle),
  );
  const respond = (): Outcome => (acks === 0 ? undefined : respondTo(request, written));
  return pending.length > 0 ? Promise.all(pending).then(respond) : respond();
}

function refusalOf(transactionalId: string | null, acks: number): ErrorCode {
  if (transactionalId !== null) return ErrorCode.invalidRequest;
  return acks === 0 || acks === 1 || acks === -1 ? ErrorCode.none : ErrorCode.invalidRequiredAcks;
}

function append(broker: Broker, topic: string, partition: number, records: Buffer): Appended {
  const log = broker.catalog.partition(topic, partition);
  return log ? log.append(records) : refused(ErrorCode.unknownTopicOrPartition);
}

function refused(error: ErrorCode): Appended {
  return { error, baseOffset: -1 };
}

/** Waits for the disk; its failure becomes the partition's answer. */
async function settle(item: Written): Promise<void> {
  try {
    await item.appended.durable;
  } catch {
    item.appended = refused(ErrorCode.kafkaStorageError);
  }
}

function respondTo(request: KafkaRequest, topics: readonly OfTopic<Written>[]): Outcome {
  const answer = request.answer();
  writeByTopic(answer, topics, ({ partition, appended }) => {
    answer.int32(partition).int16(appended.error).int64(appended.baseOffset);
    if (request.version >= 2) answer.int64(-1);
  });
  return request.version >= 1 ? answer.int32(0) : answer;
}
