import { decompress } from 'fzstd';
import { tooLong, UndecodableBatchError } from './undecodable';

const MAGIC = 0xfd_2f_b5_28;
const IS_SINGLE_SEGMENT = 0x20;
const HAS_CHECKSUM = 0x04;
const LARGEST_BLOCK = 128 * 1024;
/** Each costs some time however short it is; a producer that flushes after every record of a batch needs fewer. */
const MAX_BLOCKS = 50_000;
const STORED = 0;
const REPEATED_BYTE = 1;
const RESERVED = 3;

/**
 * Decompresses a Zstandard frame (RFC 8878); zeros may follow. Throws for what is none, and for what is longer than
 * `maxBytes`. Given its output, fzstd allocates neither the window nor the content size that a frame claims, and of what
 * does not fit into it either throws or drops the end; so the output is made as large as the blocks may need.
 */
export function unzstd(compressed: Buffer, maxBytes: number): Buffer {
  const out = Buffer.alloc(Math.min(maxBytes, mostBytesOf(compressed, maxBytes)));
  decompress(compressed, out);
  return out;
}

function mostBytesOf(frame: Buffer, maxBytes: number): number {
  if (frame.readUInt32LE(0) !== MAGIC) throw new UndecodableBatchError('it is no Zstandard');
  const flags = frame.readUInt8(4);
  const single = (flags & IS_SINGLE_SEGMENT) !== 0;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  let at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][flags & 3] ?? 0) + sizeBytes;
  let [most, known] = [0, 0];
  for (let blocks = 0, last = false; !last; blocks += 1) {
    const head = frame.readUIntLE(at, 3);
    const [type, size] = [(head >> 1) & 3, head >> 3];
    if (blocks === MAX_BLOCKS || type === RESERVED) throw new UndecodableBatchError('its Zstandard is unusual');
    last = (head & 1) === 1;
    at += 3 + (type === REPEATED_BYTE ? 1 : size);
    if (type === STORED || type === REPEATED_BYTE) known += size;
    most += type === STORED || type === REPEATED_BYTE ? size : LARGEST_BLOCK;
    if (known > maxBytes) tooLong(maxBytes);
  }
  if (at + (flags & HAS_CHECKSUM ? 4 : 0) !== frame.length) throw new UndecodableBatchError('its Zstandard is unusual');
  return most;
}
