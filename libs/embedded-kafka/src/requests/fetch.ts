import type { Broker } from '../broker';
import type { PartitionLog } from '../log/partition-log';
import { ErrorCode } from '../wire/error-code';
import type { WireReader } from '../wire/wire-reader';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';
import { longPoll } from './long-poll';
import { mapItems, readByTopic, writeByTopic } from './topic-partitions';
import type { OfTopic } from './topic-partitions';
import { reportUnreadable } from './unreadable-log';

interface Wanted {
  readonly partition: number;
  readonly offset: number;
  readonly maxBytes: number;
}

interface Found {
  readonly partition: number;
  readonly error: ErrorCode;
  readonly highWatermark: number;
  readonly startOffset: number;
  readonly batches: readonly Buffer[];
}

interface FetchRequest {
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** There are no fetch sessions: every request lists all of its partitions. */
  readonly sessionId: number;
  readonly topics: readonly OfTopic<Wanted>[];
}

interface Reading {
  readonly topics: readonly OfTopic<Found>[];
  readonly bytes: number;
  readonly hasError: boolean;
}

export const fetch: ApiHandler = { key: 1, minVersion: 4, maxVersion: 12, flexibleFrom: 12, handle };

const nothingRead: Reading = { topics: [], bytes: 0, hasError: false };

/** While a rebalance waits for a client, the client's polls return after this time, so that it notices. */
const rebalancingWaitMs = 100;

const leastAnswerBytes = 1024 * 1024;

function handle(request: KafkaRequest, broker: Broker): RequestOutcome | Promise<RequestOutcome> {
  const wanted = bounded(parse(request), request, broker);
  if (wanted.sessionId !== 0) return respond(request, nothingRead, ErrorCode.fetchSessionIdNotFound);
  const reading = read(broker, wanted);
  const { origin } = request;
  const enough = reading.bytes >= wanted.minBytes || reading.hasError;
  if (enough || wanted.maxWaitMs <= 0 || origin.hasNextRequest()) return respond(request, reading);
  const isAwaited = broker.groups.isAwaiting(request.clientId);
  return longPoll({
    origin,
    logs: wanted.topics.flatMap(({ topic, items }) => items.map((item) => logOf(broker, topic, item)!)),
    missingBytes: wanted.minBytes - reading.bytes,
    maxWaitMs: isAwaited ? Math.min(rebalancingWaitMs, wanted.maxWaitMs) : wanted.maxWaitMs,
    clock: broker.clock,
  }).then(() => respond(request, read(broker, wanted)));
}

/** A response is limited by the broker's memory; the client fetches the rest with further requests. */
function bounded(wanted: FetchRequest, { origin }: KafkaRequest, { settings }: Broker): FetchRequest {
  const roomBytes = Math.max(leastAnswerBytes, Math.floor(origin.answerRoomBytes / 4));
  return { ...wanted, maxBytes: Math.min(wanted.maxBytes, settings.fetchMaxBytes, roomBytes) };
}

function parse({ body, version }: KafkaRequest): FetchRequest {
  body.int32(); // The replica id: there are no replicas.
  const maxWaitMs = body.int32();
  const minBytes = body.int32();
  const maxBytes = body.int32();
  body.int8(); // The isolation level: there are no transactions.
  const sessionId = version >= 7 ? body.int32() : 0;
  if (version >= 7) body.int32(); // The session's epoch.
  const topics = readByTopic(body, () => readWanted(body, version));
  if (version >= 7) readForgotten(body);
  if (version >= 11) body.string(); // The rack.
  return { maxWaitMs, minBytes, maxBytes, sessionId, topics };
}

function readWanted(body: WireReader, version: number): Wanted {
  const partition = body.int32();
  if (version >= 9) body.int32(); // The leader epoch: the leader never changes.
  const offset = body.int64();
  if (version >= 12) body.int32(); // The epoch of the last fetched batch.
  if (version >= 5) body.int64(); // The first offset of a replica.
  return { partition, offset, maxBytes: body.int32() };
}

/** Partitions to remove from the fetch session; there are none. */
function readForgotten(body: WireReader): void {
  body.structs(() => {
    body.string();
    body.array(() => body.int32());
  });
}

function logOf(broker: Broker, topic: string, { partition }: Wanted): PartitionLog | undefined {
  return broker.catalog.partition(topic, partition);
}

function read(broker: Broker, { topics, maxBytes }: FetchRequest): Reading {
  let bytes = 0;
  let hasError = false;
  const found = mapItems(topics, (topic, wanted) => {
    const result = readPartition(broker, logOf(broker, topic, wanted), wanted, maxBytes - bytes, bytes === 0);
    for (const batch of result.batches) bytes += batch.length;
    hasError ||= result.error !== ErrorCode.none;
    return result;
  });
  return { topics: found, bytes, hasError };
}

function readPartition(
  broker: Broker,
  log: PartitionLog | undefined,
  { partition, offset, maxBytes }: Wanted,
  roomBytes: number,
  isFirst: boolean,
): Found {
  if (!log)
    return { partition, error: ErrorCode.unknownTopicOrPartition, highWatermark: -1, startOffset: -1, batches: [] };
  const { highWatermark, startOffset } = log;
  if (offset < log.startOffset || offset > highWatermark) {
    return { partition, error: ErrorCode.offsetOutOfRange, highWatermark: -1, startOffset: -1, batches: [] };
  }
  const nothing: Found = { partition, error: ErrorCode.none, highWatermark, startOffset, batches: [] };
  if (roomBytes <= 0 && !isFirst) return nothing;
  const batches = readable(broker, log, offset, Math.min(maxBytes, roomBytes));
  if (!batches)
    return { partition, error: ErrorCode.kafkaStorageError, highWatermark: -1, startOffset: -1, batches: [] };
  // One batch is returned even when it exceeds the limits, because a consumer could not get past it otherwise.
  const exceeds = batches.length === 1 && batches[0]!.length > roomBytes;
  return exceeds && !isFirst ? nothing : { ...nothing, batches };
}

/** Undefined when the log's file is unreadable; that fails only its partition, not the whole request. */
function readable(broker: Broker, log: PartitionLog, offset: number, maxBytes: number): Buffer[] | undefined {
  try {
    return log.read(offset, maxBytes);
  } catch (error) {
    reportUnreadable(broker, log, error as Error);
    return undefined;
  }
}

function respond(request: KafkaRequest, reading: Reading, failure: ErrorCode = ErrorCode.none): RequestOutcome {
  const { version } = request;
  const answer = request.answer().int32(0);
  if (version >= 7) answer.int16(failure).int32(0);
  writeByTopic(answer, reading.topics, ({ partition, error, highWatermark, startOffset, batches }) => {
    answer.int32(partition).int16(error).int64(highWatermark).int64(highWatermark);
    if (version >= 5) answer.int64(startOffset);
    answer.array([], () => undefined); // Transactions that were aborted.
    if (version >= 11) answer.int32(-1); // The preferred read replica.
    answer.records(batches);
  });
  return answer.tags();
}
