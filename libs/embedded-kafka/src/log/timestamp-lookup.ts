import { gunzipSync } from 'node:zlib';
import { batchHeaderBytes, readBatchHeader } from './record-batch';

export interface TimestampedOffset {
  readonly offset: number;
  readonly timestamp: number;
}

const gzip = 1;

/** Reads the zigzag variable-length integers of records. */
class VarintReader {
  constructor(
    private readonly bytes: Buffer,
    public position = 0,
  ) {}

  next(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.bytes.readUInt8(this.position++);
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
      factor *= 128;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

function recordBytes(batch: Buffer, codec: number): Buffer | undefined {
  const records = batch.subarray(batchHeaderBytes);
  if (codec === 0) return records;
  return codec === gzip ? gunzipSync(records, { maxOutputLength: 256 * 1024 * 1024 }) : undefined;
}

/**
 * The first record of a batch at or after a timestamp. Only plain and gzip batches are opened; of others, and of
 * batches that do not read, it is the first record: never too late.
 */
export function offsetAtTimestamp(batch: Buffer, timestamp: number): TimestampedOffset {
  const header = readBatchHeader(batch);
  const first = { offset: header.baseOffset, timestamp: header.baseTimestamp };
  try {
    const records = recordBytes(batch, header.attributes & 0x07);
    if (!records) return first;
    const reader = new VarintReader(records);
    for (let index = 0; index < header.recordCount; index++) {
      const length = reader.next();
      const end = reader.position + length;
      reader.position += 1;
      const recordTimestamp = header.baseTimestamp + reader.next();
      const offset = header.baseOffset + reader.next();
      if (recordTimestamp >= timestamp) return { offset, timestamp: recordTimestamp };
      reader.position = end;
    }
  } catch {
    return first;
  }
  return first;
}
