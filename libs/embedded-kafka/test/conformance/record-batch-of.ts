import { crc32c } from '../../src/log/crc32c';
import { batchHeaderBytes } from '../../src/log/record-batch';

export interface BatchOptions {
  readonly timestamps?: readonly number[];
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly attributes?: number;
}

function varint(value: number): number[] {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  const bytes: number[] = [];
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return [...bytes, rest];
}

function recordOf(value: string, offsetDelta: number, timestampDelta: number): Buffer {
  const bytes = Buffer.from(value);
  const body = Buffer.concat([
    Buffer.from([0, ...varint(timestampDelta), ...varint(offsetDelta), ...varint(-1), ...varint(bytes.length)]),
    bytes,
    Buffer.from(varint(0)),
  ]);
  return Buffer.concat([Buffer.from(varint(body.length)), body]);
}

/** A record batch as a producer sends it. */
export function recordBatchOf(values: readonly string[], options: BatchOptions = {}): Buffer {
  const timestamps = options.timestamps ?? values.map(() => Date.now());
  const base = timestamps[0]!;
  const records = values.map((value, at) => recordOf(value, at, timestamps[at]! - base));
  const header = Buffer.alloc(batchHeaderBytes);
  const batch = Buffer.concat([header, ...records]);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(-1, 12);
  batch.writeInt8(2, 16);
  batch.writeInt16BE(options.attributes ?? 0, 21);
  batch.writeInt32BE(values.length - 1, 23);
  batch.writeBigInt64BE(BigInt(base), 27);
  batch.writeBigInt64BE(BigInt(Math.max(...timestamps)), 35);
  batch.writeBigInt64BE(BigInt(options.producerId ?? -1), 43);
  batch.writeInt16BE(options.producerEpoch ?? -1, 51);
  batch.writeInt32BE(options.baseSequence ?? -1, 53);
  batch.writeInt32BE(values.length, 57);
  batch.writeUInt32BE(crc32c(batch, 21), 17);
  return batch;
}
