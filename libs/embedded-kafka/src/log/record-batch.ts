import { ErrorCode } from '../wire/error-code';
import { crc32c } from '../storage/crc32c';

/**
 * Kafka's record batch, version 2. It is stored as received: only its base offset (bytes 0-7) and its leader epoch
 * (12-15) are overwritten, and neither is part of its checksum.
 */
export const batchHeaderBytes = 61;

/** The size of the fields that a batch's length field does not count. */
const lengthOverheadBytes = 12;

const magicAt = 16;
const crcAt = 17;
const checkedFrom = 21;
const attributesAt = 21;
const lastOffsetDeltaAt = 23;
const producerIdAt = 43;
const recordCountAt = 57;
const codecMask = 0x07;
const logAppendTime = 0x08;
const transactionalOrControl = 0x30;

export interface BatchHeader {
  readonly baseOffset: number;
  readonly sizeBytes: number;
  readonly attributes: number;
  readonly lastOffsetDelta: number;
  /** In milliseconds; any 64-bit number that a producer chose. */
  readonly baseTimestamp: bigint;
  readonly maxTimestamp: bigint;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/** Exact up to 2^53; the broker's own counters stay far below. */
function int64At(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);
}

/** The size of the batch at a position, read from the first 12 bytes of it. */
export function batchSizeAt(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at + 8) + lengthOverheadBytes;
}

export function batchBaseOffsetAt(bytes: Buffer, at: number): number {
  return int64At(bytes, at);
}

export function batchLastOffsetAt(bytes: Buffer, at: number): number {
  return int64At(bytes, at) + bytes.readInt32BE(at + lastOffsetDeltaAt);
}

export function batchMaxTimestampAt(bytes: Buffer, at: number): bigint {
  return bytes.readBigInt64BE(at + 35);
}

/** The compression of a batch: 0 none, 1 gzip, 2 Snappy, 3 LZ4, 4 Zstandard. */
export function codecOf(batch: Buffer): number {
  return batch.readInt16BE(attributesAt) & codecMask;
}

export function recordCountOf(batch: Buffer): number {
  return batch.readInt32BE(recordCountAt);
}

/** Reads the header at a position; the caller makes sure that 61 bytes are there. */
export function readBatchHeader(bytes: Buffer, at = 0): BatchHeader {
  return {
    baseOffset: int64At(bytes, at),
    sizeBytes: batchSizeAt(bytes, at),
    attributes: bytes.readInt16BE(at + attributesAt),
    lastOffsetDelta: bytes.readInt32BE(at + lastOffsetDeltaAt),
    baseTimestamp: bytes.readBigInt64BE(at + 27),
    maxTimestamp: batchMaxTimestampAt(bytes, at),
    producerId: int64At(bytes, at + producerIdAt),
    producerEpoch: bytes.readInt16BE(at + 51),
    baseSequence: bytes.readInt32BE(at + 53),
    recordCount: bytes.readInt32BE(at + recordCountAt),
  };
}

/** Whether a whole batch of version 2 lies at a position and its checksum is right. */
export function isIntactBatch(bytes: Buffer, at = 0): boolean {
  if (bytes.length - at < batchHeaderBytes || bytes.readInt8(at + magicAt) !== 2) return false;
  const sizeBytes = batchSizeAt(bytes, at);
  if (sizeBytes < batchHeaderBytes || at + sizeBytes > bytes.length) return false;
  return hasRightChecksum(bytes, sizeBytes, at);
}

/** Whether a batch of a size lies at a position, going by its checksum alone. */
export function hasRightChecksum(bytes: Buffer, sizeBytes: number, at = 0): boolean {
  return crc32c(bytes, at + checkedFrom, at + sizeBytes) === bytes.readUInt32BE(at + crcAt);
}

/** Whether the header at a position looks like the start of a batch. */
export function isBatchHeader(bytes: Buffer, at: number): boolean {
  return bytes.readInt8(at + magicAt) === 2 && batchSizeAt(bytes, at) >= batchHeaderBytes;
}

/**
 * Why a producer's batch is rejected, or none. It must be exactly one intact batch without transaction markers; its
 * records are checked separately.
 */
export function refusalOf(records: Buffer, maxBytes: number): ErrorCode {
  if (records.length <= magicAt) return ErrorCode.corruptMessage;
  const magic = records.readInt8(magicAt);
  if (magic === 0 || magic === 1) return ErrorCode.unsupportedForMessageFormat;
  if (records.length > maxBytes) return ErrorCode.messageTooLarge;
  if (!isIntactBatch(records)) return ErrorCode.corruptMessage;
  if (batchSizeAt(records, 0) !== records.length) return ErrorCode.invalidRecord;
  const attributes = records.readInt16BE(attributesAt);
  if (attributes & transactionalOrControl) return ErrorCode.invalidRecord;
  if (attributes & logAppendTime) return ErrorCode.invalidTimestamp;
  if (!Number.isSafeInteger(int64At(records, producerIdAt))) return ErrorCode.invalidRecord;
  const recordCount = recordCountOf(records);
  if (recordCount < 1 || records.readInt32BE(lastOffsetDeltaAt) !== recordCount - 1) return ErrorCode.invalidRecord;
  return ErrorCode.none;
}

/** Assigns a batch its offset. */
export function placeBatch(batch: Buffer, baseOffset: number): void {
  const high = Math.floor(baseOffset / 0x1_0000_0000);
  batch.writeInt32BE(high, 0);
  batch.writeUInt32BE(baseOffset - high * 0x1_0000_0000, 4);
  batch.writeInt32BE(0, 12);
}
