/**
 * Checks the outer structure of compressed bytes: the codec's magic number, and blocks that fill the bytes exactly. The
 * blocks are not decompressed, because Node 20 has no decoder for these codecs.
 */
export type StructureCheck = (bytes: Buffer) => boolean;

const lz4Magic = 0x184d2204;
const zstdMagic = 0xfd2fb528;
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const xerialHeaderBytes = 16;

/** One LZ4 frame: descriptor, blocks, a zero end mark and an optional checksum. */
export const isLz4Frame: StructureCheck = (bytes) => {
  if (bytes.length < 7 || bytes.readUInt32LE(0) !== lz4Magic) return false;
  const flags = bytes.readUInt8(4);
  if (flags >> 6 !== 1) return false;
  const blockChecksumBytes = flags & 0x10 ? 4 : 0;
  const contentSizeBytes = flags & 0x08 ? 8 : 0;
  const dictionaryBytes = flags & 0x01 ? 4 : 0;
  const contentChecksumBytes = flags & 0x04 ? 4 : 0;
  let position = 7 + contentSizeBytes + dictionaryBytes;
  while (position + 4 <= bytes.length) {
    const blockBytes = bytes.readUInt32LE(position) & 0x7fff_ffff;
    position += 4;
    if (blockBytes === 0) return position + contentChecksumBytes === bytes.length;
    position += blockBytes + blockChecksumBytes;
  }
  return false;
};

/** One or more Zstandard frames: header, blocks up to the one marked last, and an optional checksum. */
export const isZstdFrames: StructureCheck = (bytes) => {
  let position = 0;
  do {
    const end = zstdFrameEnd(bytes, position);
    if (end === undefined) return false;
    position = end;
  } while (position < bytes.length);
  return true;
};

function zstdFrameEnd(bytes: Buffer, start: number): number | undefined {
  if (start + 6 > bytes.length || bytes.readUInt32LE(start) !== zstdMagic) return undefined;
  const descriptor = bytes.readUInt8(start + 4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const contentSizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 0x03]!;
  let position = start + 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + contentSizeBytes;
  for (;;) {
    if (position + 3 > bytes.length) return undefined;
    const header = bytes.readUIntLE(position, 3);
    const kind = (header >> 1) & 0x03;
    if (kind === 3) return undefined;
    // A block of kind 1 holds one byte, which is repeated `size` times.
    position += 3 + (kind === 1 ? 1 : header >> 3);
    if (header & 1) break;
  }
  position += descriptor & 0x04 ? 4 : 0;
  return position <= bytes.length ? position : undefined;
}

/** Snappy as Java frames it (blocks with their length), or one raw block, as librdkafka sends it. */
export const isSnappy: StructureCheck = (bytes) => {
  if (!bytes.subarray(0, xerialMagic.length).equals(xerialMagic)) return isSnappyBlock(bytes);
  let position = xerialHeaderBytes;
  while (position + 4 <= bytes.length) {
    const blockBytes = bytes.readInt32BE(position);
    position += 4;
    if (blockBytes < 0 || position + blockBytes > bytes.length) return false;
    if (!isSnappyBlock(bytes.subarray(position, position + blockBytes))) return false;
    position += blockBytes;
  }
  return position === bytes.length;
};

/** Checks that the elements of a raw block yield as many bytes as the block announces. */
function isSnappyBlock(bytes: Buffer): boolean {
  let position = 0;
  let announced = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[position++];
    if (byte === undefined || shift > 28) return false;
    announced += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  let yielded = 0;
  while (position < bytes.length) {
    const tag = bytes[position]!;
    const element = (tag & 0x03) === 0 ? snappyLiteral(bytes, position) : snappyCopy(tag);
    position += element.skipBytes;
    yielded += element.yieldsBytes;
    if (position > bytes.length || yielded > announced) return false;
  }
  return yielded === announced;
}

interface SnappyElement {
  readonly skipBytes: number;
  readonly yieldsBytes: number;
}

function snappyLiteral(bytes: Buffer, position: number): SnappyElement {
  const code = bytes[position]! >> 2;
  if (code < 60) return { skipBytes: 2 + code, yieldsBytes: code + 1 };
  const lengthBytes = code - 59;
  if (position + 1 + lengthBytes > bytes.length) return { skipBytes: Infinity, yieldsBytes: 0 };
  const yieldsBytes = bytes.readUIntLE(position + 1, lengthBytes) + 1;
  return { skipBytes: 1 + lengthBytes + yieldsBytes, yieldsBytes };
}

function snappyCopy(tag: number): SnappyElement {
  if ((tag & 0x03) === 1) return { skipBytes: 2, yieldsBytes: 4 + ((tag >> 2) & 0x07) };
  return { skipBytes: (tag & 0x03) === 2 ? 3 : 5, yieldsBytes: (tag >> 2) + 1 };
}
