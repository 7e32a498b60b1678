/*
 * Decompresses LZ4 frames, https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md. Existing packages either need a
 * native addon or allocate the size that a frame claims; here the output grows with what is decoded, up to a limit.
 * Checksums are not verified, because the broker has verified that of the batch.
 */
import { tooLong, UndecodableBatchError } from './undecodable';

const MAGIC = 0x18_4d_22_04;
const HAS_DICTIONARY = 0x01;
const HAS_CONTENT_CHECKSUM = 0x04;
const HAS_CONTENT_SIZE = 0x08;
const HAS_BLOCK_CHECKSUMS = 0x10;
/** The bit in a block's length that marks an uncompressed block. */
const IS_STORED = 0x80_00_00_00;
const SHORTEST_MATCH = 4;

/** Decompresses the frames of this buffer. Throws for invalid LZ4, and for output longer than `maxBytes`. */
export function unlz4(compressed: Buffer, maxBytes: number): Buffer {
  const out = new Growing(maxBytes, compressed.length * 4);
  for (let at = 0; at < compressed.length;) at = frame(compressed, at, out);
  return out.written();
}

function frame(from: Buffer, start: number, out: Growing): number {
  if (need(from, start, 7) && from.readUInt32LE(start) !== MAGIC) broken('is none');
  const flags = from.readUInt8(start + 4);
  if (flags & HAS_DICTIONARY) broken('needs a dictionary');
  let at = start + 7 + (flags & HAS_CONTENT_SIZE ? 8 : 0);
  for (;;) {
    need(from, at, 4);
    const head = from.readUInt32LE(at);
    at += 4;
    if (head === 0) return at + (flags & HAS_CONTENT_CHECKSUM ? 4 : 0);
    const length = head & ~IS_STORED;
    need(from, at, length);
    const block = from.subarray(at, at + length);
    if (head >= IS_STORED) out.append(block, 0, length);
    else decode(block, out);
    at += length + (flags & HAS_BLOCK_CHECKSUMS ? 4 : 0);
  }
}

/** A block is a row of literals, each but the last followed by a match: a distance back, and a length. */
function decode(block: Buffer, out: Growing): void {
  let at = 0;
  const length = (nibble: number): number => {
    let total = nibble;
    if (nibble < 15) return total;
    for (let byte = 255; byte === 255; total += byte) {
      need(block, at, 1);
      byte = block.readUInt8(at);
      at += 1;
    }
    return total;
  };
  while (at < block.length) {
    const token = block.readUInt8(at);
    at += 1;
    const literals = length(token >> 4);
    need(block, at, literals);
    out.append(block, at, literals);
    at += literals;
    if (at === block.length) return;
    need(block, at, 2);
    const distance = block.readUInt16LE(at);
    at += 2;
    out.repeat(distance, length(token & 15) + SHORTEST_MATCH);
  }
}

/** The output so far. */
class Growing {
  private buffer: Buffer;
  private length = 0;

  constructor(
    private readonly maxBytes: number,
    firstBytes: number,
  ) {
    this.buffer = Buffer.allocUnsafe(Math.min(maxBytes, firstBytes));
  }

  append(from: Buffer, at: number, count: number): void {
    this.makeRoom(count);
    from.copy(this.buffer, this.length, at, at + count);
    this.length += count;
  }

  /** Copies bytes from `distance` bytes ago; the source may overlap the copy. */
  repeat(distance: number, count: number): void {
    if (distance === 0 || distance > this.length) broken('points before its beginning');
    this.makeRoom(count);
    const { buffer, length } = this;
    for (let done = 0; done < count; done += 1) buffer[length + done] = buffer[length + done - distance] ?? 0;
    this.length += count;
  }

  written(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private makeRoom(count: number): void {
    const needed = this.length + count;
    if (needed > this.maxBytes) tooLong(this.maxBytes);
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.min(this.maxBytes, Math.max(needed, this.buffer.length * 2)));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

function need(from: Buffer, at: number, count: number): true {
  if (at + count > from.length) broken('ends too soon');
  return true;
}

function broken(how: string): never {
  throw new UndecodableBatchError(`its LZ4 ${how}`);
}
