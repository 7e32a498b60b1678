/*
 * Decodes the records of a batch as kafkajs 2.2.4 does, but with a decoder of our own for each record: kafkajs'
 * function does not accept one, and its class is shared by all clients of the process.
 */
import type { Decoder, FetchedRecord, NewDecoder } from './decoder';
import { limitHeaders } from './header-limit';
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
