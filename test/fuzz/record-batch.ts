/* Record batches as no client library would send them. */
import { pick } from '../chaos/seeded-random';
import { codecs, compress, inflating, type Codec } from './compress';
import { flipped } from './mutations';

export interface BatchRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: Buffer, value: Buffer | null])[];
}

/** The damage of a batch. A broker may accept or reject it. */
export const damages = [
  'none',
  'wrong codec',
  'codec 7',
  'wrong record count',
  'no records',
  'many records announced',
  'wrong last offset',
  'bad checksum',
  'control records',
  'transactional',
  'log append time',
  'unknown attributes',
  'negative timestamp',
  'latest timestamp',
  'unknown producer',
  'old format',
  'flipped after compression',
  'flipped header',
  'cut off',
  'trailing bytes',
  'two batches',
  'inflates to 7 MiB',
  'inflates to 9 MiB',
  'inflates to 70 MiB',
] as const;
export type Damage = (typeof damages)[number];

const HEADER_BYTES = 61;
const MEBIBYTE = 2 ** 20;
const CODEC_BITS = 0x07;
const AT = {
  length: 8,
  epoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffset: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  sequence: 53,
  count: 57,
} as const;

/** The bytes of a batch, the same for the same random. */
export function recordBatch(
  records: readonly BatchRecord[],
  codec: Codec,
  damage: Damage,
  random: () => number,
): Buffer {
  const mebibytes = /inflates to (\d+)/.exec(damage)?.[1];
  const plain = encoded(records);
  const body =
    mebibytes === undefined
      ? compress(plain, codec, Math.floor(random() * 10))
      : inflatingRecord(Number(mebibytes) * MEBIBYTE, codec);
  const count = mebibytes === undefined ? records.length : 1;
  const batch = Buffer.concat([Buffer.alloc(HEADER_BYTES), body]);
  batch.writeInt32BE(batch.length - AT.epoch, AT.length);
  batch.writeInt32BE(-1, AT.epoch);
  batch.writeInt8(2, AT.magic);
  batch.writeInt16BE(codecs.indexOf(codec), AT.attributes);
  batch.writeInt32BE(count - 1, AT.lastOffset);
  writeTimestamps(batch, BigInt(Date.now()));
  batch.writeBigInt64BE(-1n, AT.producerId);
  batch.writeInt16BE(-1, AT.producerEpoch);
  batch.writeInt32BE(-1, AT.sequence);
  batch.writeInt32BE(count, AT.count);
  return damaged(batch, damage, random);
}

/** Most damages keep a correct checksum: brokers and consumers must detect them otherwise. */
function damaged(batch: Buffer, damage: Damage, random: () => number): Buffer {
  const attributes = batch.readInt16BE(AT.attributes);
  const count = batch.readInt32BE(AT.count);
  const withAttributes = (bits: number): Buffer => (batch.writeInt16BE(bits, AT.attributes), signed(batch));
  switch (damage) {
    case 'wrong codec':
      return withAttributes((attributes + 1 + Math.floor(random() * 4)) % codecs.length);
    case 'codec 7':
      return withAttributes(attributes | CODEC_BITS);
    case 'control records':
      return withAttributes(attributes | 0x20);
    case 'transactional':
      return withAttributes(attributes | 0x10);
    case 'log append time':
      return withAttributes(attributes | 0x08);
    case 'unknown attributes':
      return withAttributes(attributes | 0x7f80);
    case 'wrong record count':
      return counting(batch, count + pick(random, [-1, 1, 5]));
    case 'no records':
      return counting(batch.subarray(0, HEADER_BYTES), 0);
    case 'many records announced':
      return counting(batch, pick(random, [60_000, 2 ** 31 - 1, -1, -(2 ** 31)]));
    case 'wrong last offset':
      batch.writeInt32BE(pick(random, [-1, count, 1_000_000, 2 ** 31 - 1]), AT.lastOffset);
      return signed(batch);
    case 'bad checksum':
      return flipped(signed(batch), random, 1);
    case 'negative timestamp':
      writeTimestamps(batch, pick(random, [-1n, -(2n ** 53n) - 1n, -(2n ** 63n)]));
      return signed(batch);
    case 'latest timestamp':
      writeTimestamps(batch, pick(random, [2n ** 53n + 1n, 2n ** 63n - 1n, 253_402_300_800_000n]));
      return signed(batch);
    case 'unknown producer':
      batch.writeBigInt64BE(pick(random, [0n, 77n, 2n ** 40n, 2n ** 62n]), AT.producerId);
      batch.writeInt16BE(pick(random, [0, 32_767]), AT.producerEpoch);
      batch.writeInt32BE(pick(random, [0, 5, 2 ** 31 - 1]), AT.sequence);
      return signed(batch);
    case 'old format':
      batch.writeInt8(pick(random, [0, 1, 3, -1]), AT.magic);
      return batch;
    case 'flipped after compression': {
      const body = flipped(batch.subarray(HEADER_BYTES), random, 1 + Math.floor(random() * 8));
      return signed(Buffer.concat([batch.subarray(0, HEADER_BYTES), body]));
    }
    case 'flipped header': {
      const header = flipped(batch.subarray(AT.attributes, HEADER_BYTES), random, 1 + Math.floor(random() * 3));
      return signed(Buffer.concat([batch.subarray(0, AT.attributes), header, batch.subarray(HEADER_BYTES)]));
    }
    case 'cut off': {
      const cut = batch.subarray(0, HEADER_BYTES + Math.floor(random() * (batch.length - HEADER_BYTES)));
      cut.writeInt32BE(cut.length - AT.epoch, AT.length);
      return signed(cut);
    }
    case 'trailing bytes':
      return Buffer.concat([signed(batch), Buffer.from(flipped(Buffer.alloc(100), random, 50))]);
    case 'two batches':
      return Buffer.concat([signed(batch), signed(batch)]);
    default:
      return signed(batch);
  }
}

function counting(batch: Buffer, count: number): Buffer {
  const last = Math.min(2 ** 31 - 1, Math.max(-(2 ** 31), count - 1));
  batch.writeInt32BE(count, AT.count);
  batch.writeInt32BE(last, AT.lastOffset);
  batch.writeInt32BE(batch.length - AT.epoch, AT.length);
  return signed(batch);
}

function writeTimestamps(batch: Buffer, at: bigint): void {
  batch.writeBigInt64BE(at, AT.baseTimestamp);
  batch.writeBigInt64BE(at, AT.maxTimestamp);
}

/** With its checksum, CRC-32C. */
function signed(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch.subarray(AT.attributes)), AT.crc);
  return batch;
}

function encoded(records: readonly BatchRecord[]): Buffer {
  return Buffer.concat(records.flatMap((record, n) => encodedRecord(record, n)));
}

function encodedRecord({ key, value, headers }: BatchRecord, offset: number): Buffer[] {
  const body = Buffer.concat([
    Buffer.from([0, 0]),
    varint(offset),
    ...nullable(key),
    ...nullable(value),
    varint(headers.length),
    ...headers.flatMap(([name, held]) => [...nullable(name), ...nullable(held)]),
  ]);
  return [varint(body.length), body];
}

function nullable(bytes: Buffer | null): Buffer[] {
  return bytes === null ? [varint(-1)] : [varint(bytes.length), bytes];
}

const inflatingRecords = new Map<string, Buffer>();

/** One record whose value is this many zeros. */
function inflatingRecord(zeros: number, codec: Codec): Buffer {
  const made = inflatingRecords.get(`${zeros} ${codec}`) ?? makeInflatingRecord(zeros, codec);
  inflatingRecords.set(`${zeros} ${codec}`, made);
  return made;
}

function makeInflatingRecord(zeros: number, codec: Codec): Buffer {
  const before = Buffer.concat([Buffer.from([0, 0]), varint(0), varint(-1), varint(zeros - 1)]);
  // The last zero is the header count.
  return inflating(Buffer.concat([varint(before.length + zeros), before]), zeros, codec);
}

function varint(value: number): Buffer {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  const bytes: number[] = [];
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f6_3b78 : value >>> 1;
  return value >>> 0;
});

function crc32c(bytes: Buffer): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffff_ffff) >>> 0;
}
