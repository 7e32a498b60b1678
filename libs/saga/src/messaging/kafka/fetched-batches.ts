/*
 * Decodes the batches of a fetch. kafkajs 2.2.4 decompresses only gzip, to any length, and a batch that it cannot
 * decode blocks the topic: it reads the batch again without end. Here all four codecs are read, within a limit, and a
 * batch that cannot be decoded becomes one record without key and value, marked with the reason, at the last of its
 * offsets. kafkajs' own registry of codecs is not changed.
 */
import { randomInt } from 'node:crypto';
import { setImmediate as nextPhase } from 'node:timers/promises';
import { CODECS, decompress } from './codecs/decompress';
import { UndecodableBatchError } from './codecs/undecodable';
import { internalOfKafkajs } from './internal';
import type { ReplaceRequest } from './protocol-request';
import type { Decoder, FetchedRecord, NewDecoder } from './decoder';
import { recordBatchDecoder } from './record-batch';
import { endOfRecords } from './records-end';

/** The maximum decompressed size of a batch. Brokers take about 1 MiB of a batch as it is sent. */
export const MAX_DECOMPRESSED_BYTES = 8 * 2 ** 20;
/** How much of a partition is decoded at once; the rest comes with the next fetch. */
const ENOUGH_BYTES = MAX_DECOMPRESSED_BYTES;
/** How much of a response is decoded at once, except that the batch which first exceeds it is decoded. */
export const ENOUGH_BYTES_TOGETHER = 2 * MAX_DECOMPRESSED_BYTES;
/** After a batch of this size other work may run: most codecs block the process until they are done. */
const LARGE_BYTES = 64 * 1024;
export const MAX_RECORDS = 50_000;

/** The size of a record batch up to its records; its last field is the number of records. */
const HEAD_BYTES = 61;
/** The position of the format's version in a batch. */
const LEAST_BYTES = 18;
const AT = { length: 8, magic: 16, attributes: 21, lastOffsetDelta: 23, count: 57 } as const;
/** First offset and length, which the length does not include. */
const BEFORE_BATCH_BYTES = 12;
const CURRENT_FORMAT = 2;
const CODEC_MASK = 0x07;

export interface Decoders {
  /** Decodes one batch of the current format. */
  readonly batch: (bytes: Buffer) => FetchedRecord[];
  /** Decodes messages of the formats before Kafka 0.11. */
  readonly legacy: (bytes: Buffer) => Promise<FetchedRecord[]>;
}

/** How much may still be decoded of a response. */
export interface Room {
  bytes: number;
}

/**
 * Decodes the partitions of a broker's response, within a common limit. Those beyond it are empty, and come with the
 * next fetch; each time another partition is first, so that each is read eventually.
 */
export async function decodePartitions(
  partitions: readonly Buffer[],
  decoders: Decoders,
  first = randomInt(Math.max(1, partitions.length)),
): Promise<FetchedRecord[][]> {
  const decoded: FetchedRecord[][] = partitions.map(() => []);
  const room = { bytes: ENOUGH_BYTES_TOGETHER };
  for (let offset = 0; offset < partitions.length; offset += 1) {
    const index = (first + offset) % partitions.length;
    decoded[index] = await decodeBatches(partitions[index] ?? NOTHING, decoders, room);
  }
  return decoded;
}

const NOTHING = Buffer.alloc(0);

/** Decodes what a broker sent of one partition. Never throws because of what the batches contain. */
export async function decodeBatches(
  bytes: Buffer,
  decoders: Decoders,
  room: Room = { bytes: ENOUGH_BYTES_TOGETHER },
): Promise<FetchedRecord[]> {
  const records: FetchedRecord[] = [];
  let decoded = 0;
  for (
    let at = 0;
    at + LEAST_BYTES <= bytes.length && decoded < ENOUGH_BYTES && room.bytes > 0 && records.length < MAX_RECORDS;
  ) {
    const end = at + BEFORE_BATCH_BYTES + bytes.readInt32BE(at + AT.length);
    // The last batch may be cut short: the next fetch begins with it.
    if (end > bytes.length || end <= at + BEFORE_BATCH_BYTES) break;
    const batch = await readBatch(bytes.subarray(at, end), decoders);
    for (const record of batch.records) records.push(record);
    decoded += batch.bytes;
    room.bytes -= batch.bytes;
    if (batch.bytes > LARGE_BYTES) await nextPhase();
    at = end;
  }
  return records;
}

async function readBatch(batch: Buffer, decoders: Decoders): Promise<{ records: FetchedRecord[]; bytes: number }> {
  try {
    if (batch.readInt8(AT.magic) !== CURRENT_FORMAT) return { records: await readLegacy(batch, decoders), bytes: 0 };
    const plain = await uncompressed(batch);
    const records = decoders.batch(plain);
    // Compaction leaves batches without records; the offsets continue after them.
    if (records.length === 0) return { records: [recordAt(batch, { isControlRecord: true })], bytes: plain.length };
    if (!endsWithin(batch, records)) throw new UndecodableBatchError('its records have offsets outside of the batch');
    return { records, bytes: plain.length };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { records: [recordAt(batch, { undecodable: { detail, bytes: batch.length } })], bytes: batch.length };
  }
}

/** The batch as it would be without compression; kafkajs does not verify its checksum. */
async function uncompressed(batch: Buffer): Promise<Buffer> {
  const count = batch.readInt32BE(AT.count);
  if (count > MAX_RECORDS) throw new UndecodableBatchError(`it has ${count} records, more than ${MAX_RECORDS}`);
  const attributes = batch.readInt16BE(AT.attributes);
  const codec = attributes & CODEC_MASK;
  const compressed = batch.subarray(HEAD_BYTES);
  const records = codec === 0 ? compressed : await decompress(codec, compressed, MAX_DECOMPRESSED_BYTES);
  const end = endOfRecords(records, count);
  if (end === undefined)
    throw new UndecodableBatchError(`its ${count} records (${String(CODECS[codec])}) are damaged or too long`);
  if (codec === 0) return batch;
  const plain = Buffer.concat([batch.subarray(0, HEAD_BYTES), records.subarray(0, end)]);
  plain.writeInt32BE(plain.length - BEFORE_BATCH_BYTES, AT.length);
  plain.writeInt16BE(attributes & ~CODEC_MASK, AT.attributes);
  return plain;
}

/** In the formats before Kafka 0.11 each batch is a single message; compressed ones are not supported. */
async function readLegacy(message: Buffer, { legacy }: Decoders): Promise<FetchedRecord[]> {
  const { format, attributes } = { format: message.readInt8(AT.magic), attributes: message.readInt8(AT.magic + 1) };
  if (format < 0 || format > 1) throw new UndecodableBatchError(`its format ${format} is unknown`);
  if ((attributes & CODEC_MASK) !== 0)
    throw new UndecodableBatchError('it is compressed, in a format before Kafka 0.11');
  return legacy(message);
}

function endsWithin(batch: Buffer, records: readonly FetchedRecord[]): boolean {
  const last = BigInt(records.at(-1)?.offset ?? 0);
  return last >= batch.readBigInt64BE(0) && last <= lastOffsetOf(batch);
}

function lastOffsetOf(batch: Buffer): bigint {
  const first = batch.readBigInt64BE(0);
  if (batch.readInt8(AT.magic) !== CURRENT_FORMAT || batch.length < HEAD_BYTES) return first;
  return first + BigInt(Math.max(0, batch.readInt32BE(AT.lastOffsetDelta)));
}

function recordAt(batch: Buffer, marks: Partial<FetchedRecord>): FetchedRecord {
  const record = { offset: String(lastOffsetOf(batch)), key: null, value: null, headers: {}, isControlRecord: false };
  const batchContext = { producerId: '-1', inTransaction: false };
  return Object.assign(record, { batchContext }, marks);
}

/** From this version on record batches are fetched. */
const RECORD_BATCHES_SINCE = 4;

/** Decodes responses of brokers with {@link decodePartitions}, instead of kafkajs. */
export function fetchDecoder(): ReplaceRequest {
  const Decoder = internalOfKafkajs('protocol/decoder') as NewDecoder;
  const decoders = batchDecoders();
  return (made) => {
    const version = made.request.apiVersion;
    if (version < RECORD_BATCHES_SINCE) return made;
    const decode = (bytes: Buffer): Promise<object> => decodeResponse(new Decoder(bytes), version, decoders);
    return { ...made, response: { ...made.response, decode } };
  };
}

/** The decoders of this file, replacing those of kafkajs. */
export function batchDecoders(): Decoders {
  const Decoder = internalOfKafkajs('protocol/decoder') as NewDecoder;
  const legacy = internalOfKafkajs('protocol/messageSet/decoder') as (d: Decoder, size: number) => Promise<never>;
  return { batch: recordBatchDecoder(), legacy: (bytes) => legacy(new Decoder(bytes), bytes.length) };
}

/** A Fetch response of version 4 to 11, as kafkajs decodes it. */
async function decodeResponse(decoder: Decoder, version: number, decoders: Decoders): Promise<object> {
  const throttled = decoder.readInt32();
  const head = {
    // Since version 8 the client must wait, not the broker.
    ...(version < 8 ? { throttleTime: throttled } : { throttleTime: 0, clientSideThrottleTime: throttled }),
    ...(version < 7 ? {} : { errorCode: decoder.readInt16(), sessionId: decoder.readInt32() }),
  };
  const topics = decoder.readArray((topic) => ({
    topicName: topic.readString(),
    partitions: topic.readArray((partition) => readPartition(partition, version)),
  }));
  const messages = await decodePartitions(
    topics.flatMap(({ partitions }) => partitions.map(({ bytes }) => bytes)),
    decoders,
  );
  const responses = topics.map(({ topicName, partitions }) => ({
    topicName,
    partitions: partitions.map((partition) => ({ ...partition.head, messages: messages.shift() ?? [] })),
  }));
  return { ...head, responses };
}

function readPartition(decoder: Decoder, version: number): { head: object; bytes: Buffer } {
  const int64 = (): string => decoder.readInt64().toString();
  const head = {
    partition: decoder.readInt32(),
    errorCode: decoder.readInt16(),
    highWatermark: int64(),
    lastStableOffset: int64(),
    ...(version < 5 ? {} : { lastStartOffset: int64() }),
    abortedTransactions: decoder.readArray(() => ({ producerId: int64(), firstOffset: int64() })),
    ...(version < 11 ? {} : { preferredReadReplica: decoder.readInt32() }),
  };
  const bytes = decoder.readInt32();
  const readable = bytes > 0 && decoder.canReadBytes(bytes);
  return { head, bytes: readable ? decoder.readBytes(bytes) : NOTHING };
}
