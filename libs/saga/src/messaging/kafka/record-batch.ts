/*
 * Decodes the records of a batch as kafkajs 2.2.4 does, but with a decoder of our own for each record: kafkajs'
 * function does not accept one, and its class is shared by all clients of the process.
 */
import { HEADERS_LEFT_OUT } from '../transport';
import type { Decoder, FetchedRecord, NewDecoder } from './decoder';
import { internalOfKafkajs } from './internal';

const AT = {
  leaderEpoch: 12,
  magic: 16,
  attributes: 21,
  lastOffsetDelta: 23,
  firstTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  firstSequence: 53,
  count: 57,
  records: 61,
} as const;
const LOG_APPEND_TIME = 0x08;
const IN_TRANSACTION = 0x10;
const CONTROL = 0x20;

/** Decodes an uncompressed batch whose records were checked to be complete. */
export function recordBatchDecoder(): (batch: Buffer) => FetchedRecord[] {
  const Base = internalOfKafkajs('protocol/decoder') as NewDecoder;
  const decode = internalOfKafkajs('protocol/recordBatch/record/v0/decoder') as (
    decoder: Decoder,
    batchContext: object,
  ) => FetchedRecord;
  const RecordDecoder = limitHeaders(Base);
  return (batch) => {
    const context = contextOf(batch);
    const records = new Base(batch.subarray(AT.records));
    return Array.from({ length: batch.readInt32BE(AT.count) }, () =>
      decode(new RecordDecoder(records.readVarIntBytes()), context),
    );
  };
}

/** The context that kafkajs passes to each record of its batch. */
function contextOf(batch: Buffer): object {
  const attributes = batch.readInt16BE(AT.attributes);
  return {
    firstOffset: String(batch.readBigInt64BE(0)),
    firstTimestamp: String(batch.readBigInt64BE(AT.firstTimestamp)),
    partitionLeaderEpoch: batch.readInt32BE(AT.leaderEpoch),
    inTransaction: (attributes & IN_TRANSACTION) > 0,
    isControlBatch: (attributes & CONTROL) > 0,
    lastOffsetDelta: batch.readInt32BE(AT.lastOffsetDelta),
    producerId: String(batch.readBigInt64BE(AT.producerId)),
    producerEpoch: batch.readInt16BE(AT.producerEpoch),
    firstSequence: batch.readInt32BE(AT.firstSequence),
    maxTimestamp: String(batch.readBigInt64BE(AT.maxTimestamp)),
    timestampType: (attributes & LOG_APPEND_TIME) > 0 ? 1 : 0,
    magicByte: batch.readInt8(AT.magic),
  };
}

const MOST_HEADERS = 100;

/**
 * A decoder of kafkajs that reads at most a hundred headers of a record; a further header holds the number of the
 * others. kafkajs 2.2.4 copies all previous headers for each further one: 20,000 headers, 150 kB, block the process for
 * a minute and a half, so its consumer loses its group.
 */
function limitHeaders(Base: new (bytes: Buffer) => Decoder): new (bytes: Buffer) => Decoder {
  return class extends Base {
    /**
     * Only headers are read with it. They end a record, and each record has a decoder of its own, so unread bytes do no
     * harm.
     */
    override readVarIntArray<T>(reader: (decoder: Decoder) => T): T[] {
      const count = Math.max(0, this.readVarInt());
      const headers = Array.from({ length: Math.min(count, MOST_HEADERS) }, () => reader(this));
      const leftOut = count - headers.length;
      if (leftOut > 0) headers.push({ key: HEADERS_LEFT_OUT, value: Buffer.from(String(leftOut)) } as T);
      return headers;
    }
  };
}
