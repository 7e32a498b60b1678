import type { Broker } from '../broker';
import type { Appended } from '../log/partition-log';
import { batchHeaderBytes, codecOf } from '../log/record-batch';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';
import { readByTopic, writeByTopic } from './topic-partitions';
import type { OfTopic } from './topic-partitions';
import { inSlices } from './in-slices';

interface Written {
  readonly topic: string;
  readonly partition: number;
  readonly records: Buffer;
  appended: Appended;
}

/** A request with more batches, or with compressed ones, yields to other connections in between. */
const batchesAtOnce = 100;

/**
 * Versions 0 to 2 exist for librdkafka, which disables compression without them. They differ only in their framing:
 * records must still be batches of version 2.
 */
export const produce: ApiHandler = { key: 0, minVersion: 0, maxVersion: 11, flexibleFrom: 9, handle };

function handle(request: KafkaRequest, broker: Broker): RequestOutcome | Promise<RequestOutcome> {
  const { body, version } = request;
  const transactionalId = version >= 3 ? body.nullableString() : null;
  const acks = body.int16();
  body.int32(); // The timeout for replicas: there are none.
  const refusal = refusalOf(transactionalId, acks);
  const topics = readByTopic(body, (topic): Written => {
    return { topic, partition: body.int32(), records: body.bytes(), appended: refused(refusal) };
  });
  const batches = topics.flatMap(({ items }) => items);
  const respond = (): RequestOutcome => (acks === 0 ? undefined : respondTo(request, topics));
  if (refusal !== ErrorCode.none) return respond();
  if (batches.length > batchesAtOnce || batches.some(({ records }) => isCompressed(records))) {
    return appendInSlices(broker, batches).then(respond);
  }
  const pending = batches.flatMap((batch) => append(broker, batch, checked(broker, batch) as ErrorCode));
  return pending.length > 0 ? Promise.all(pending).then(respond) : respond();
}

function refusalOf(transactionalId: string | null, acks: number): ErrorCode {
  if (transactionalId !== null) return ErrorCode.invalidRequest;
  return acks === 0 || acks === 1 || acks === -1 ? ErrorCode.none : ErrorCode.invalidRequiredAcks;
}

function isCompressed(records: Buffer): boolean {
  return records.length > batchHeaderBytes && codecOf(records) !== 0;
}

async function appendInSlices(broker: Broker, batches: readonly Written[]): Promise<void> {
  const pending: Promise<void>[] = [];
  await inSlices(batches, async (batch) => {
    pending.push(...append(broker, batch, await checked(broker, batch)));
  });
  await Promise.all(pending);
}

function checked(broker: Broker, { topic, partition, records }: Written): ErrorCode | Promise<ErrorCode> {
  const log = broker.catalog.partition(topic, partition);
  return log ? log.refusalOf(records) : ErrorCode.unknownTopicOrPartition;
}

/**
 * Returns a promise that the response must wait for, which never rejects; undefined when there is nothing to wait for.
 */
function append(broker: Broker, batch: Written, refusal: ErrorCode): Promise<void>[] {
  // Looked up again, because the topic may have been deleted while its records were checked.
  const log = broker.catalog.partition(batch.topic, batch.partition);
  if (refusal !== ErrorCode.none) batch.appended = refused(refusal);
  else batch.appended = log ? log.append(batch.records) : refused(ErrorCode.unknownTopicOrPartition);
  return batch.appended.durable ? [settle(batch)] : [];
}

function refused(error: ErrorCode): Appended {
  return { error, baseOffset: -1 };
}

/** Waits for the disk; a failure becomes the partition's error code. */
async function settle(item: Written): Promise<void> {
  try {
    await item.appended.durable;
  } catch {
    item.appended = refused(ErrorCode.kafkaStorageError);
  }
}

function respondTo(request: KafkaRequest, topics: readonly OfTopic<Written>[]): RequestOutcome {
  const answer = request.answer();
  writeByTopic(answer, topics, ({ partition, appended }) => {
    answer.int32(partition).int16(appended.error).int64(appended.baseOffset);
    if (request.version >= 2) answer.int64(-1); // The time of the append: messages keep their producer's timestamp.
    if (request.version >= 5) answer.int64(-1); // The log's first offset; unknown when the batch was rejected.
    if (request.version >= 8) answer.array([], () => undefined).nullableString(null);
  });
  if (request.version >= 1) answer.int32(0);
  return answer.tags();
}
