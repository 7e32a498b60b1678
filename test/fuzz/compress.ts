/*
 * Kafka's codecs, as far as the fuzz needs them: valid frames with every kind of block that needs no compressor, which
 * can decompress to any length.
 */
import { compress as snap } from 'snappyjs';
import { gzipSync } from 'node:zlib';

export const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Codec = (typeof codecs)[number];

const BLOCK_BYTES = 64 * 1024;
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** A frame of independent blocks of 64 KiB; the last byte is the checksum of the two before it. */
const LZ4_HEAD = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
const LZ4_STORED = 0x80_00_00_00;
const XERIAL_HEAD = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);

/** `variant` selects one of the forms of a codec. */
export function compress(bytes: Buffer, codec: Codec, variant: number): Buffer {
  switch (codec) {
    case 'gzip':
      return gzipSync(bytes, { level: variant % 10 });
    case 'snappy':
      return variant % 2 === 0 ? snap(bytes) : xerial(bytes);
    case 'lz4':
      return Buffer.concat([LZ4_HEAD, ...blocksOf(bytes).flatMap((block) => lz4Block(block, variant)), uint32le(0)]);
    case 'zstd':
      return zstdFrame(blocksOf(bytes).map((block) => zstdBlock(block, variant)));
    default:
      return bytes;
  }
}

/** Short compressed bytes that decompress to a prefix and this many zeros. */
export function inflating(before: Buffer, zeros: number, codec: Codec): Buffer {
  switch (codec) {
    case 'gzip':
      return gzipSync(Buffer.concat([before, Buffer.alloc(zeros)]));
    case 'snappy':
      return snap(Buffer.concat([before, Buffer.alloc(zeros)]));
    case 'lz4':
      return Buffer.concat([LZ4_HEAD, ...lz4Block(before, 0), ...lz4Zeros(zeros), uint32le(0)]);
    case 'zstd':
      return zstdFrame([zstdBlock(before, 0), ...zstdZeros(zeros)]);
    default:
      return before;
  }
}

function xerial(bytes: Buffer): Buffer {
  const blocks = blocksOf(bytes).flatMap((block) => {
    const snapped = snap(block);
    return [uint32be(snapped.length), snapped];
  });
  return Buffer.concat([XERIAL_HEAD, ...blocks]);
}

/** A stored block, or one run of literals. */
function lz4Block(block: Buffer, variant: number): Buffer[] {
  if (variant % 2 === 0) return [uint32le((block.length | LZ4_STORED) >>> 0), block];
  const run = Buffer.concat([Buffer.from([0xf0]), lz4Length(block.length - 15), block]);
  return block.length < 15 ? lz4Block(block, 0) : [uint32le(run.length), run];
}

/** A zero, then copies of the byte before. */
function lz4Zeros(count: number): Buffer[] {
  return counted(count, 4 * 1024 * 1024).flatMap((length) => {
    const run = Buffer.concat([Buffer.from([0x1f, 0, 1, 0]), lz4Length(length - 1 - 4 - 15 - 5), lz4Tail()]);
    return [uint32le(run.length), run];
  });
}

/** The last five bytes of a block are literals. */
const lz4Tail = (): Buffer => Buffer.from([0x50, 0, 0, 0, 0, 0]);

function lz4Length(rest: number): Buffer {
  const left = Math.max(0, rest);
  return Buffer.concat([Buffer.alloc(Math.floor(left / 255), 255), Buffer.from([left % 255])]);
}

function zstdFrame(blocks: readonly Buffer[]): Buffer {
  const last = blocks.at(-1);
  last?.writeUInt8(last.readUInt8(0) | 1, 0);
  // A window of 8 MiB, and no content size.
  return Buffer.concat([ZSTD_MAGIC, Buffer.from([0x00, 0x68]), ...blocks]);
}

/** A stored block, or literals without sequences. */
function zstdBlock(block: Buffer, variant: number): Buffer {
  if (variant % 2 === 0) return Buffer.concat([uint24le(block.length << 3), block]);
  const literals = Buffer.concat([uint24le((block.length << 4) | (3 << 2)), block, Buffer.from([0])]);
  return Buffer.concat([uint24le((literals.length << 3) | (2 << 1)), literals]);
}

function zstdZeros(count: number): Buffer[] {
  return counted(count, 128 * 1024).map((length) =>
    Buffer.concat([uint24le((length << 3) | (1 << 1)), Buffer.from([0])]),
  );
}

function blocksOf(bytes: Buffer): Buffer[] {
  const starts = Array.from({ length: Math.max(1, Math.ceil(bytes.length / BLOCK_BYTES)) }, (_, n) => n * BLOCK_BYTES);
  return starts.map((start) => bytes.subarray(start, start + BLOCK_BYTES));
}

function counted(total: number, most: number): number[] {
  const parts = Array.from({ length: Math.floor(total / most) }, () => most);
  return total % most === 0 ? parts : [...parts, total % most];
}

function uint32le(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint32be(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function uint24le(value: number): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntLE(value, 0, 3);
  return bytes;
}
