import { decompress } from 'fzstd';
import { tooLong, UndecodableBatchError } from './undecodable';

const MAGIC = 0xfd_2f_b5_28;
const IS_SINGLE_SEGMENT = 0x20;
const HAS_CHECKSUM = 0x04;
const LARGEST_BLOCK = 128 * 1024;
/** Each block takes some time, however short; a producer that flushes after every record of a batch needs fewer. */
const MAX_BLOCKS = 50_000;
const STORED = 0;
const REPEATED_BYTE = 1;
const RESERVED = 3;

/** Each frame takes some time, however short; producers send one. */
const MAX_FRAMES = 100;

/**
 * Decompresses Zstandard frames (RFC 8878); zeros may follow. Throws for invalid Zstandard, and for output longer than
 * `maxBytes`. Given an output buffer, fzstd allocates neither the window nor the content size that a frame claims. If
 * the output does not fit, it throws or drops the end, so the buffer is as large as the blocks may need.
 */
export function unzstd(compressed: Buffer, maxBytes: number): Buffer {
  const parts: Buffer[] = [];
  let room = maxBytes;
  for (let at = 0; at < compressed.length;) {
    if (parts.length === MAX_FRAMES) throw new UndecodableBatchError('its Zstandard has too many frames');
    const { end, most } = frameAt(compressed, at, room);
    const frame = compressed.subarray(at, end);
    const size = Math.min(room, most);
    const part = end === compressed.length ? inflated(frame, size, 0) : withoutRest(frame, size);
    parts.push(part);
    room -= part.length;
    at = end;
  }
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}

function inflated(frame: Buffer, size: number, fill: number): Buffer {
  const out = Buffer.alloc(size, fill);
  decompress(frame, out);
  return out;
}

/** fzstd does not report how much it has written. Two outputs with different initial bytes agree exactly that far. */
function withoutRest(frame: Buffer, size: number): Buffer {
  const [out, other] = [inflated(frame, size, 0), inflated(frame, size, 0xff)];
  let end = size;
  while (end > 0 && out[end - 1] !== other[end - 1]) end -= 1;
  return out.subarray(0, end);
}

/** Where a frame ends, and the maximum size of its blocks. */
function frameAt(bytes: Buffer, start: number, maxBytes: number): { readonly end: number; readonly most: number } {
  if (bytes.readUInt32LE(start) !== MAGIC) throw new UndecodableBatchError('it is no Zstandard');
  const flags = bytes.readUInt8(start + 4);
  const single = (flags & IS_SINGLE_SEGMENT) !== 0;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  let at = start + 5 + (single ? 0 : 1) + ([0, 1, 2, 4][flags & 3] ?? 0) + sizeBytes;
  let [most, known] = [0, 0];
  for (let blocks = 0, last = false; !last; blocks += 1) {
    const head = bytes.readUIntLE(at, 3);
    const [type, size] = [(head >> 1) & 3, head >> 3];
    if (blocks === MAX_BLOCKS || type === RESERVED) throw new UndecodableBatchError('its Zstandard is unusual');
    last = (head & 1) === 1;
    at += 3 + (type === REPEATED_BYTE ? 1 : size);
    if (type === STORED || type === REPEATED_BYTE) known += size;
    most += type === STORED || type === REPEATED_BYTE ? size : LARGEST_BLOCK;
    if (known > maxBytes) tooLong(maxBytes);
  }
  const end = at + (flags & HAS_CHECKSUM ? 4 : 0);
  if (end > bytes.length) throw new UndecodableBatchError('its Zstandard ends too soon');
  return { end, most };
}
