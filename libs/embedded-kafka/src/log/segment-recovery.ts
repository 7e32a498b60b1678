import { fstatSync, readSync } from 'node:fs';
import {
  batchBaseOffsetAt,
  batchHeaderBytes,
  batchSizeAt,
  isBatchHeader,
  isIntactBatch,
  readBatchHeader,
} from './record-batch';
import type { BatchHeader } from './record-batch';
import type { Segment } from './segment';

const windowBytes = 1024 * 1024;

/** A segment that was complete and on the disk no longer reads: the disk or somebody damaged it. */
export class DamagedSegmentError extends Error {
  override readonly name = 'DamagedSegmentError';
  constructor(path: string, position: number) {
    super(
      `The log segment ${path} is damaged at byte ${position}, and newer segments follow it. ` +
        'Restore the file, or delete the topic partition with its directory to start it anew.',
    );
  }
}

/**
 * Reads a segment through at start: rebuilds its index and shows every batch to `onBatch`.
 *
 * R1. In the last segment a batch counts only when its checksum is right; the file is cut at the first that fails,
 *     which is what a crash in the middle of a write leaves behind.
 * R2. Earlier segments were synced when the next was begun, so only their headers are read; damage there is an error.
 *
 * Returns the offset after the last batch.
 */
export function recoverSegment(segment: Segment, isLast: boolean, onBatch: (header: BatchHeader) => void): number {
  const { size: fileBytes, mtimeMs } = fstatSync(segment.fd);
  let nextOffset = segment.baseOffset;
  let windowAt = 0;
  let window: Buffer = Buffer.alloc(0);

  /** Moves the window so that it holds `length` bytes from the position on, when the file has them. */
  const hold = (position: number, length: number): boolean => {
    if (position + length > fileBytes) return false;
    if (position + length > windowAt + window.length) {
      const bytes = Buffer.allocUnsafe(Math.min(Math.max(windowBytes, length), fileBytes - position));
      window = bytes.subarray(0, readSync(segment.fd, bytes, 0, bytes.length, position));
      windowAt = position;
    }
    return position + length <= windowAt + window.length;
  };

  while (hold(segment.sizeBytes, batchHeaderBytes)) {
    let at = segment.sizeBytes - windowAt;
    if (!isBatchHeader(window, at) || batchBaseOffsetAt(window, at) !== nextOffset) break;
    if (!hold(segment.sizeBytes, batchSizeAt(window, at))) break;
    at = segment.sizeBytes - windowAt;
    if (isLast && !isIntactBatch(window, at)) break;
    const header = readBatchHeader(window, at);
    segment.note(header, header.baseOffset, mtimeMs);
    onBatch(header);
    nextOffset = header.baseOffset + header.lastOffsetDelta + 1;
  }
  if (segment.sizeBytes < fileBytes) {
    if (!isLast) throw new DamagedSegmentError(segment.path, segment.sizeBytes);
    segment.truncate();
  }
  return nextOffset;
}
