import { crc32c } from '../../src/storage/crc32c';
import { batchHeaderBytes } from '../../src/log/record-batch';

export interface BatchOptions {
  readonly timestamps?: readonly (number | bigint)[];
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly attributes?: number;
  /** In place of the records' own bytes, compressed or not. */
  readonly recordBytes?: (records: Buffer) => Buffer;
  readonly recordCount?: number;
}

function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  const bytes: number[] = [];
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}

function recordOf(value: string, offsetDelta: number, timestampDelta: bigint): Buffer {
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
  const timestamps = (options.timestamps ?? values.map(() => Date.now())).map(BigInt);
  const base = timestamps[0]!;
  const records = Buffer.concat(
    values.map((value, at) => recordOf(value, at, BigInt.asIntN(64, timestamps[at]! - base))),
  );
  const header = Buffer.alloc(batchHeaderBytes);
  const batch = Buffer.concat([header, options.recordBytes?.(records) ?? records]);
  const recordCount = options.recordCount ?? values.length;
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(-1, 12);
  batch.writeInt8(2, 16);
  batch.writeInt16BE(options.attributes ?? 0, 21);
  batch.writeInt32BE(recordCount - 1, 23);
  batch.writeBigInt64BE(base, 27);
  batch.writeBigInt64BE(
    timestamps.reduce((latest, each) => (each > latest ? each : latest)),
    35,
  );
  batch.writeBigInt64BE(BigInt(options.producerId ?? -1), 43);
  batch.writeInt16BE(options.producerEpoch ?? -1, 51);
  batch.writeInt32BE(options.baseSequence ?? -1, 53);
  batch.writeInt32BE(recordCount, 57);
  batch.writeUInt32BE(crc32c(batch, 21), 17);
  return batch;
}
