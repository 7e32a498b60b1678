/*
 * Encodes produce requests in one pass: a request is measured, then written into one buffer. kafkajs 2.2.4 allocates a
 * buffer of 1 KiB for each record and each of its headers, and another for each number in them: a third of what
 * publishing 26 messages costs.
 */
import type { Headers, HeaderValue } from '../transport';
import { internalOfKafkajs } from './internal';
import { Output, sizeOf, sizeOfSized, sizeOfVarInt, type Bytes } from './output';
import type { ReplaceRequest } from './protocol-request';

export interface ProducedMessage {
  readonly key?: Bytes;
  readonly value: Bytes;
  readonly headers?: Headers;
  readonly timestamp?: unknown;
}

export interface ProduceRequest {
  readonly acks: number;
  readonly timeout: number;
  readonly compression?: number;
  readonly transactionalId?: string | null;
  readonly producerId?: unknown;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly messages: readonly ProducedMessage[] }[];
  }[];
}

/** The types that kafkajs expects. */
interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
  size(): number;
}

/** CRC-32C. */
type Checksum = (bytes: Buffer) => number;

/**
 * From this version on record batches have today's format; up to version 7, the last that kafkajs knows, the requests
 * are alike.
 */
const RECORD_BATCHES_SINCE = 3;

/** Encodes with {@link encodeProduce} whatever it supports, instead of kafkajs. */
export function produceEncoder(): ReplaceRequest {
  const crc32c = internalOfKafkajs('protocol/recordBatch/crc32C') as Checksum;
  return (made, input) => {
    if (made.request.apiVersion < RECORD_BATCHES_SINCE || !isPlain(input as ProduceRequest)) return made;
    const encode = (): Promise<Encoded> => Promise.resolve(encodeProduce(input as ProduceRequest, Date.now(), crc32c));
    return { ...made, request: { ...made.request, encode } };
  };
}

/**
 * Whether the request is what the transport sends: not compressed, not idempotent, not transactional, without
 * timestamps of its sender.
 */
function isPlain({ compression = 0, transactionalId, producerId, topicData }: ProduceRequest): boolean {
  if (compression !== 0 || (transactionalId ?? null) !== null) return false;
  if (producerId !== undefined && Number(producerId) !== -1) return false;
  return topicData.every(({ partitions }) =>
    partitions.every(({ messages }) => messages.every(({ timestamp }) => timestamp === undefined)),
  );
}

/** The size of a record batch up to its records. */
const BATCH_HEAD_BYTES = 61;
/** First offset and length, which the length does not include. */
const BEFORE_BATCH_BYTES = 12;

/** A Produce request of version 3 to 7 without its header; all messages have the timestamp `now`. */
export function encodeProduce({ acks, timeout, topicData }: ProduceRequest, now: number, crc32c: Checksum): Encoded {
  const topics = topicData.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, messages }) => ({ partition, records: messages.map(toRecord) })),
  }));
  const out = new Output(2 + 2 + 4 + 4 + sum(topics, sizeOfTopic), crc32c);
  out.int16(-1);
  out.int16(acks);
  out.int32(timeout);
  out.int32(topics.length);
  for (const { topic, partitions } of topics) {
    out.int16(sizeOf(topic));
    out.bytes(topic);
    out.int32(partitions.length);
    for (const { partition, records } of partitions) {
      out.int32(partition);
      out.int32(sizeOfBatch(records));
      writeBatch(out, records, now);
    }
  }
  const { buffer } = out;
  return { buf: buffer, buffer, size: () => buffer.length };
}

interface Record {
  readonly offset: number;
  readonly key: Bytes;
  readonly value: Bytes;
  readonly headers: readonly (readonly [string, HeaderValue])[];
  /** The bytes that the length includes. */
  readonly size: number;
}

function toRecord({ key, value, headers: given }: ProducedMessage, offset: number): Record {
  const headers = given === undefined ? [] : Object.entries(given).flatMap(([name, values]) => named(name, values));
  const headersSize = sum(headers, ([name, held]) => sizeOfSized(name) + sizeOfSized(held));
  const size =
    2 + sizeOfVarInt(offset) + sizeOfSized(key) + sizeOfSized(value) + sizeOfVarInt(headers.length) + headersSize;
  return { offset, key, value, headers, size };
}

function named(name: string, values: Headers[string]): (readonly [string, HeaderValue])[] {
  if (values === undefined) return [];
  return typeof values === 'string' || Buffer.isBuffer(values)
    ? [[name, values]]
    : values.map((value) => [name, value] as const);
}

function writeBatch(out: Output, records: readonly Record[], now: number): void {
  out.int64(0);
  out.int32(sizeOfBatch(records) - BEFORE_BATCH_BYTES);
  out.int32(0); // the leader's epoch
  out.int8(2); // the format of the batch
  out.checksum(() => {
    out.int16(0); // neither compressed nor in a transaction
    out.int32(records.length - 1);
    out.int64(now);
    out.int64(now);
    out.int64(-1); // no producer's id
    out.int16(0);
    out.int32(0);
    out.int32(records.length);
    for (const record of records) writeRecord(out, record);
  });
}

function writeRecord(out: Output, { offset, key, value, headers, size }: Record): void {
  out.varInt(size);
  out.int8(0);
  out.varInt(0); // later than the batch by this
  out.varInt(offset);
  out.sized(key);
  out.sized(value);
  out.varInt(headers.length);
  for (const [name, held] of headers) {
    out.sized(name);
    out.sized(held);
  }
}

const sum = <T>(items: readonly T[], sizeOfItem: (item: T) => number): number =>
  items.reduce((total, item) => total + sizeOfItem(item), 0);

function sizeOfTopic({ topic, partitions }: { topic: string; partitions: { records: Record[] }[] }): number {
  return 2 + sizeOf(topic) + 4 + sum(partitions, ({ records }) => 4 + 4 + sizeOfBatch(records));
}

function sizeOfBatch(records: readonly Record[]): number {
  return BATCH_HEAD_BYTES + sum(records, ({ size }) => sizeOfVarInt(size) + size);
}
