import { createRequire } from 'node:module';
import { randomBytes, randomInt } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { compress } from 'snappyjs';
import type { FetchedRecord } from './decoder';
import {
  batchDecoders,
  decodeBatches,
  decodePartitions,
  ENOUGH_BYTES_TOGETHER,
  MAX_DECOMPRESSED_BYTES,
  MAX_RECORDS,
} from './fetched-batches';
import { encodeProduce } from './produce-request';

const load = createRequire(require.resolve('kafkajs/package.json'));
const Decoder = load('./src/protocol/decoder') as new (bytes: Buffer) => object;
const theirs = load('./src/protocol/recordBatch/v0/decoder') as (decoder: object) => Promise<{ records: unknown[] }>;
const decoders = batchDecoders();
const decode = (bytes: Buffer): Promise<FetchedRecord[]> => decodeBatches(bytes, decoders);

const HEAD = 61;

/** A batch that begins with this offset. */
function batchOf(values: readonly (Buffer | string)[], firstOffset = 0n): Buffer {
  const messages = values.map((value) => ({ key: 'k', value, headers: { h: 'x' } }));
  const topicData = [{ topic: 't', partitions: [{ partition: 0, messages }] }];
  const { buffer } = encodeProduce({ acks: -1, timeout: 1, topicData }, 1, () => 0);
  const batch = buffer.subarray(2 + 2 + 4 + 4 + 3 + 4 + 4 + 4);
  batch.writeBigInt64BE(firstOffset);
  return batch;
}

function compressed(batch: Buffer, codec: number, records: Buffer): Buffer {
  const packed = Buffer.concat([batch.subarray(0, HEAD), records]);
  packed.writeInt32BE(packed.length - 12, 8);
  packed.writeInt16BE(codec, 21);
  return packed;
}

const gzipped = (batch: Buffer): Buffer => compressed(batch, 1, gzipSync(batch.subarray(HEAD)));
const snapped = (batch: Buffer): Buffer => compressed(batch, 2, compress(batch.subarray(HEAD)));

/** LZ4 with uncompressed blocks. */
function lz4(batch: Buffer): Buffer {
  const records = batch.subarray(HEAD);
  const length = Buffer.alloc(4);
  length.writeUInt32LE((records.length | 0x80_00_00_00) >>> 0);
  const head = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
  return compressed(batch, 3, Buffer.concat([head, length, records, Buffer.alloc(4)]));
}

/** The header of a Zstandard block: type 0 is uncompressed, 1 is one byte that is repeated. */
function blockOf(size: number, type: 0 | 1, last: 0 | 1): Buffer {
  const head = Buffer.alloc(3);
  head.writeUIntLE((size << 3) | (type << 1) | last, 0, 3);
  return head;
}

/** Zstandard with one uncompressed block. */
function zstdFrame(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]), blockOf(bytes.length, 0, 1), bytes]);
}

const zstd = (batch: Buffer): Buffer => compressed(batch, 4, zstdFrame(batch.subarray(HEAD)));

const texts = (records: readonly FetchedRecord[]): string[] => records.map(({ value }) => String(value));
const packers = [
  ['nothing', (batch: Buffer) => batch],
  ['gzip', gzipped],
  ['snappy', snapped],
  ['lz4', lz4],
  ['zstd', zstd],
] as const;

describe('a fetched batch', () => {
  it.each(packers)('reads a batch that is compressed with %s', async (_name, pack) => {
    const records = await decode(Buffer.concat([pack(batchOf(['a', 'b'], 5n)), pack(batchOf(['c'], 7n))]));
    expect(texts(records)).toEqual(['a', 'b', 'c']);
    expect(records.map(({ offset }) => offset)).toEqual(['5', '6', '7']);
  });

  it.each([0, 0x08, 0x10, 0x20, 0x38])(
    'with the attributes %i is decoded to the records of kafkajs',
    async (attributes) => {
      const batch = batchOf(['a', randomBytes(300), ''], 2n ** 40n);
      batch.writeInt16BE(attributes, 21);
      batch.writeBigInt64BE(7n, 43);
      expect(await decode(batch)).toEqual((await theirs(new Decoder(batch))).records);
    },
  );

  it.each(packers.slice(1))('marks a damaged batch of %s at its last offset', async (_name, pack) => {
    const damaged = pack(batchOf(['a', 'b'], 5n));
    damaged.fill(0xff, HEAD, HEAD + 4);
    const records = await decode(Buffer.concat([damaged, batchOf(['c'], 7n)]));
    expect(records).toMatchObject([{ offset: '6', value: null, undecodable: {} }, { offset: '7' }]);
  });

  it('marks a batch of gzip that would take too much memory', async () => {
    const huge = compressed(batchOf(['a']), 1, gzipSync(Buffer.alloc(200_000_000)));
    const [record] = await decode(huge);
    expect(record?.undecodable?.detail).toBe(`it decompresses to more than ${MAX_DECOMPRESSED_BYTES} bytes`);
  });

  it('marks a batch with the codec 7, the format 9 or foreign offsets', async () => {
    const foreign = batchOf(['a', 'b']);
    foreign.writeInt32BE(0, 23);
    const unknown = batchOf(['a']);
    unknown.writeInt8(9, 16);
    for (const batch of [foreign, unknown, compressed(batchOf(['a']), 7, Buffer.from('records'))])
      expect(await decode(batch)).toMatchObject([{ offset: '0', undecodable: {} }]);
  });

  it('marks a batch that claims more records than it has, or more than the limit', async () => {
    for (const count of [2, -1, MAX_RECORDS + 1, 2 ** 31 - 1]) {
      const batch = batchOf(['a']);
      batch.writeInt32BE(count, 57);
      expect(await decode(batch)).toMatchObject([{ undecodable: {} }]);
    }
  });

  it('marks a batch with a record that claims more headers than it has', async () => {
    const batch = batchOf(['a']);
    // 63 instead of the next bytes: the lengths of a name and a value, and a byte of each.
    batch.writeUInt8(0x7e, batch.length - 5);
    expect(await decode(batch)).toMatchObject([{ offset: '0', undecodable: {} }]);
  });

  it('advances past the offsets of a batch without records, as compaction leaves it', async () => {
    const empty = batchOf([]).subarray(0, HEAD);
    empty.writeInt32BE(4, 23);
    expect(await decode(empty)).toMatchObject([{ offset: '4', isControlRecord: true }]);
  });

  it('decodes a batch with the next fetch when the limit of its partition is reached', async () => {
    const large = gzipped(batchOf([Buffer.alloc(5_000_000)]));
    expect(await decode(Buffer.concat([large, large, large, large]))).toHaveLength(2);
  });

  it('reads a batch of zstd in several frames', async () => {
    const batch = batchOf(['a', 'b'.repeat(300_000), '\0\0'], 5n);
    const records = batch.subarray(HEAD);
    const [one, another] = [zstdFrame(records.subarray(0, 100_000)), zstdFrame(records.subarray(100_000, 200_000))];
    const frames = compressed(batch, 4, Buffer.concat([one, another, zstdFrame(records.subarray(200_000))]));
    expect(texts(await decode(frames))).toEqual(['a', 'b'.repeat(300_000), '\0\0']);
  });

  it('marks a batch of zstd in more frames than any producer sends, with the reason', async () => {
    const frames = Buffer.concat(Array.from({ length: 101 }, () => zstdFrame(Buffer.from('x'))));
    expect(await decode(compressed(batchOf(['a']), 4, frames))).toMatchObject([
      { undecodable: { detail: 'its Zstandard has too many frames' } },
    ]);
  });

  it('marks a batch of zstd in frames that are too long together', async () => {
    const repeated = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, ...blockOf(120_000, 1, 1), 0x78]);
    const frames = Buffer.concat(Array.from({ length: 80 }, () => repeated));
    const [record] = await decode(compressed(batchOf(['a']), 4, frames));
    expect(record?.undecodable?.detail).toMatch(/^it decompresses to more than|are damaged or too long/);
  });

  it('reads a batch that is cut short at the end with the next fetch', async () => {
    const whole = batchOf(['a']);
    for (let end = 0; end < whole.length; end += 1)
      expect(texts(await decode(Buffer.concat([whole, whole.subarray(0, end)])))).toEqual(['a']);
  });

  it('never throws, however its bytes were changed', async () => {
    for (let n = 0; n < 1_000; n += 1) {
      const [, pack] = packers[n % packers.length] ?? packers[0];
      const batch = Buffer.from(pack(batchOf([randomBytes(randomInt(200)), 'x'.repeat(randomInt(2_000))], 5n)));
      for (let changes = randomInt(1, 6); changes > 0; changes -= 1)
        batch[randomInt(16, batch.length)] = randomInt(256);
      const records = await decode(Buffer.concat([batch, batchOf(['next'], 7n)]));
      expect(texts(records).at(-1)).toBe('next');
    }
  });
});

describe('the partitions of a response', () => {
  const LARGE = 5_000_000;
  /** Small on the wire, but four times the decoding limit of one partition. */
  const bomb = Buffer.concat([0n, 1n, 2n, 3n].map((offset) => gzipped(batchOf([Buffer.alloc(LARGE)], offset))));
  const bytesOf = (decoded: readonly FetchedRecord[][]): number =>
    decoded.flat().reduce((sum, { value }) => sum + (value?.length ?? 0), 0);

  it('decodes the partitions of a response up to a common limit, however many there are', async () => {
    for (const count of [1, 2, 10, 50]) {
      const decoded = await decodePartitions(Array<Buffer>(count).fill(bomb), decoders);
      expect(bytesOf(decoded)).toBeGreaterThan(0);
      expect(bytesOf(decoded)).toBeLessThanOrEqual(ENOUGH_BYTES_TOGETHER + MAX_DECOMPRESSED_BYTES);
    }
  });

  it('decodes the partitions of a response in rotating order, so that each is read, whatever the others contain', async () => {
    const partitions = [bomb, bomb, batchOf(['small']), bomb, bomb];
    const read = new Set<number>();
    for (let first = 0; first < partitions.length; first += 1)
      (await decodePartitions(partitions, decoders, first)).forEach(
        (each, index) => each.length > 0 && read.add(index),
      );
    expect(read).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  it('decodes all partitions of a response in one fetch when they are small', async () => {
    const partitions = Array.from({ length: 100 }, (_, n) => gzipped(batchOf([`value ${n}`])));
    expect((await decodePartitions(partitions, decoders)).map((each) => texts(each))).toEqual(
      partitions.map((_, n) => [`value ${n}`]),
    );
    expect(await decodePartitions([], decoders)).toEqual([]);
  });
});
