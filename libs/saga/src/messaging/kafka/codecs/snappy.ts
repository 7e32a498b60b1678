import { uncompress } from 'snappyjs';
import { tooLong, UndecodableBatchError } from './undecodable';

/** Kafka's Java client does not send plain Snappy but blocks of it, in the framing of the library xerial snappy-java. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const XERIAL_HEAD_BYTES = 16;

/** Decompresses Snappy, plain or in blocks. Throws for invalid Snappy, and for output longer than `maxBytes`. */
export function unsnap(compressed: Buffer, maxBytes: number): Buffer {
  if (!compressed.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return block(compressed, maxBytes);
  const blocks: Buffer[] = [];
  let room = maxBytes;
  for (let at = XERIAL_HEAD_BYTES; at < compressed.length;) {
    const end = at + 4 + compressed.readUInt32BE(at);
    if (end > compressed.length) throw new UndecodableBatchError('its Snappy ends too soon');
    const decompressed = block(compressed.subarray(at + 4, end), room);
    blocks.push(decompressed);
    room -= decompressed.length;
    at = end;
  }
  return Buffer.concat(blocks);
}

function block(compressed: Buffer, maxBytes: number): Buffer {
  if (lengthOf(compressed) > maxBytes) tooLong(maxBytes);
  return uncompress(compressed, maxBytes);
}

/** A block begins with its decompressed length, a number of 7 bits a byte. */
function lengthOf(compressed: Buffer): number {
  let length = 0;
  for (let at = 0; at < 5; at += 1) {
    const byte = compressed[at] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) break;
  }
  return length;
}
