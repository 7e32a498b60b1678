import { gunzipSync } from 'node:zlib';
import { batchHeaderBytes, codecOf, readBatchHeader } from './record-batch';
import { inflatedMaxBytes } from './record-validation';

export interface TimestampedOffset {
  readonly offset: number;
  readonly timestamp: bigint;
}

const gzip = 1;

/** Reads the zigzag variable-length integers of records. */
class VarintReader {
  constructor(
    private readonly bytes: Buffer,
    public position = 0,
  ) {}

  next(): number {
    return Number(this.nextLong());
  }

  nextLong(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes.readUInt8(this.position++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
  }
}

function recordBytes(batch: Buffer, codec: number): Buffer | undefined {
  const records = batch.subarray(batchHeaderBytes);
  if (codec === 0) return records;
  return codec === gzip ? gunzipSync(records, { maxOutputLength: inflatedMaxBytes }) : undefined;
}

/**
 * The first record of a batch at or after a timestamp. Only uncompressed and gzip batches are searched; for other
 * codecs and unreadable batches it is the batch's first record, which is never too late.
 */
export function offsetAtTimestamp(batch: Buffer, timestamp: bigint): TimestampedOffset {
  const header = readBatchHeader(batch);
  const first = { offset: header.baseOffset, timestamp: header.baseTimestamp };
  try {
    const records = recordBytes(batch, codecOf(batch));
    if (!records) return first;
    const reader = new VarintReader(records);
    for (let index = 0; index < header.recordCount; index++) {
      const length = reader.next();
      const end = reader.position + length;
      reader.position += 1;
      const recordTimestamp = BigInt.asIntN(64, header.baseTimestamp + reader.nextLong());
      const offset = header.baseOffset + reader.next();
      if (recordTimestamp >= timestamp) return { offset, timestamp: recordTimestamp };
      reader.position = end;
    }
  } catch {
    return first;
  }
  return first;
}
