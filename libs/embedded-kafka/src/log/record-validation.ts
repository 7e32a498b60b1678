import { gunzip, gunzipSync } from 'node:zlib';
import { promisify } from 'node:util';
import { ErrorCode } from '../wire/error-code';
import { isLz4Frame, isSnappy, isZstdFrames } from './compressed-frames';
import type { StructureCheck } from './compressed-frames';
import { batchHeaderBytes, codecOf } from './record-batch';
import { refusalOfRecords } from './record-walk';

const gzip = 1;
const structures: ReadonlyMap<number, StructureCheck> = new Map([
  [2, isSnappy],
  [3, isLz4Frame],
  [4, isZstdFrames],
]);

/** Larger batches are decompressed in another thread, so that they do not block other requests. */
const inlineBytes = 1024 * 1024;

/**
 * The largest decompressed size of a gzip batch. A batch of 1 MiB, Kafka's default limit, could decompress to a
 * gibibyte.
 */
export const inflatedMaxBytes = 64 * 1024 * 1024;

const inflate = promisify(gunzip);
let inflating: Promise<unknown> = Promise.resolve();

/**
 * Why the records of an intact batch are rejected, or none. One unreadable record would stop every consumer of the
 * partition. Uncompressed and gzip records are checked one by one; for Snappy, LZ4 and Zstandard only the outer
 * structure is checked.
 *
 * The result is synchronous, except for gzip records of more than a mebibyte.
 */
export function refusalOfBatchRecords(batch: Buffer, recordCount: number): ErrorCode | Promise<ErrorCode> {
  const codec = codecOf(batch);
  const bytes = batch.subarray(batchHeaderBytes);
  if (codec === 0) return refusalOfRecords(bytes, recordCount);
  if (codec === gzip) return refusalOfGzip(bytes, recordCount);
  const isWellFormed = structures.get(codec);
  if (!isWellFormed) return ErrorCode.unsupportedCompressionType;
  return isWellFormed(bytes) ? ErrorCode.none : ErrorCode.invalidRecord;
}

function refusalOfGzip(bytes: Buffer, recordCount: number): ErrorCode | Promise<ErrorCode> {
  try {
    return refusalOfRecords(gunzipSync(bytes, { maxOutputLength: inlineBytes }), recordCount);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') return ErrorCode.invalidRecord;
  }
  // One at a time, so that many such batches do not need a multiple of the memory.
  const checked = inflating.then(() => refusalOfLargeGzip(bytes, recordCount));
  inflating = checked;
  return checked;
}

async function refusalOfLargeGzip(bytes: Buffer, recordCount: number): Promise<ErrorCode> {
  try {
    return refusalOfRecords(await inflate(bytes, { maxOutputLength: inflatedMaxBytes }), recordCount);
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLarge ? ErrorCode.messageTooLarge : ErrorCode.invalidRecord;
  }
}
