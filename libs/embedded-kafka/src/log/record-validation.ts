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

/** What inflates to more than this is inflated in a thread of its own, so that it holds up nobody. */
const inlineBytes = 1024 * 1024;

/** What a gzip batch may inflate to. A batch of Kafka's default size, 1 MiB, could inflate to a thousand times that. */
export const inflatedMaxBytes = 64 * 1024 * 1024;

const inflate = promisify(gunzip);
let inflating: Promise<unknown> = Promise.resolve();

/**
 * Why the records of an intact batch are not taken, or none. What a partition holds has to be readable for every
 * consumer, for one record that is not would stop them all. Plain and gzip records are checked one by one; of Snappy,
 * LZ4 and Zstandard the outer structure is.
 *
 * The answer is there at once, except for gzip records of more than a mebibyte.
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
  // One at a time, so that many senders of such batches do not take a multiple of the memory.
  const judged = inflating.then(() => refusalOfLargeGzip(bytes, recordCount));
  inflating = judged;
  return judged;
}

async function refusalOfLargeGzip(bytes: Buffer, recordCount: number): Promise<ErrorCode> {
  try {
    return refusalOfRecords(await inflate(bytes, { maxOutputLength: inflatedMaxBytes }), recordCount);
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLarge ? ErrorCode.messageTooLarge : ErrorCode.invalidRecord;
  }
}
