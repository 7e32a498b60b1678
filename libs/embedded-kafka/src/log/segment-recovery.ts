import { fstatSync, readSync } from 'node:fs';
import { endsUnwritten } from '../storage/journal-format';
import {
  batchBaseOffsetAt,
  batchHeaderBytes,
  batchSizeAt,
  hasRightChecksum,
  isBatchHeader,
  isIntactBatch,
  readBatchHeader,
} from './record-batch';
import type { BatchHeader } from './record-batch';
import type { Segment } from './segment';

const windowBytes = 1024 * 1024;

/** A partition's log is damaged. The message names the file and the remedy. */
export class DamagedSegmentError extends Error {
  override readonly name = 'DamagedSegmentError';

  /** @internal */
  static at(path: string, position: number, isLast: boolean): DamagedSegmentError {
    const cut = `"truncate -s ${position} ${path}" keeps the messages before the damage and loses those after it`;
    return new DamagedSegmentError(
      `The log segment ${path} is damaged at byte ${position}. Restore the file from a copy. Without one, ${
        isLast ? cut : `remove the newer segments beside it; then ${cut}`
      }.`,
    );
  }

  /** @internal */
  static between(path: string, endOffset: number, next: string, nextOffset: number): DamagedSegmentError {
    return new DamagedSegmentError(
      `The log segment ${path} ends at offset ${endOffset}, but the next one, ${next}, begins at ${nextOffset}: the ` +
        'first was cut short, or one between them is missing. Restore it from a copy. Without one, remove the segments ' +
        'on one side of the gap; their messages are lost.',
    );
  }
}

/** Reads a file in windows, because a segment may be larger than the memory to spend on it. */
class FileWindow {
  readonly fileBytes: number;
  readonly mtimeMs: number;
  private bytes: Buffer = Buffer.alloc(0);
  private startsAt = 0;

  constructor(private readonly fd: number) {
    const { size, mtimeMs } = fstatSync(fd);
    this.fileBytes = size;
    this.mtimeMs = mtimeMs;
  }

  /** At least `length` bytes from a position; undefined when the file ends before. */
  from(position: number, length: number): Buffer | undefined {
    if (position + length > this.fileBytes) return undefined;
    if (position < this.startsAt || position + length > this.startsAt + this.bytes.length) {
      const bytes = Buffer.allocUnsafe(Math.min(Math.max(windowBytes, length), this.fileBytes - position));
      this.bytes = bytes.subarray(0, readSync(this.fd, bytes, 0, bytes.length, position));
      this.startsAt = position;
    }
    const found = this.bytes.subarray(position - this.startsAt);
    return found.length >= length ? found : undefined;
  }
}

/**
 * Reads a whole segment at start: rebuilds its index and passes every batch to `onBatch`.
 *
 * R1. In the last segment a batch counts only when its checksum is right. The remains of a write that a crash
 *     interrupted are cut off: a batch shorter than its length field, or bytes that were never written. Anything else
 *     is damage.
 * R2. Earlier segments were synced before the next one was created, so only their headers are read; damage there is an
 *     error.
 *
 * Returns the offset after the last batch.
 */
export function recoverSegment(segment: Segment, isLast: boolean, onBatch: (header: BatchHeader) => void): number {
  const file = new FileWindow(segment.use());
  let nextOffset = segment.baseOffset;
  for (;;) {
    const head = file.from(segment.sizeBytes, batchHeaderBytes);
    if (!head || !isBatchHeader(head, 0) || batchBaseOffsetAt(head, 0) !== nextOffset) break;
    const batch = file.from(segment.sizeBytes, batchSizeAt(head, 0));
    if (!batch || (isLast && !isIntactBatch(batch))) break;
    const header = readBatchHeader(batch);
    segment.note(header, header.baseOffset, file.mtimeMs);
    onBatch(header);
    nextOffset = header.baseOffset + header.lastOffsetDelta + 1;
  }
  if (segment.sizeBytes < file.fileBytes) {
    if (!isLast || !isTorn(file, segment.sizeBytes, nextOffset)) {
      throw DamagedSegmentError.at(segment.path, segment.sizeBytes, isLast);
    }
    segment.truncate();
  }
  return nextOffset;
}

/** Whether the end of the last segment, from its first unreadable batch, looks like an interrupted write. */
function isTorn(file: FileWindow, position: number, nextOffset: number): boolean {
  const end = file.from(file.fileBytes - Math.min(8, file.fileBytes - position), 1)!;
  if (hasIntactBatchAfter(file, position, nextOffset)) return false;
  const head = file.from(position, batchHeaderBytes);
  if (!head || endsUnwritten(end)) return true;
  // A batch that ends with the file is whole, even if its length or another field outside the checksum is wrong.
  const rest = file.from(position, file.fileBytes - position)!;
  const isShort = isBatchHeader(head, 0) && batchSizeAt(head, 0) > file.fileBytes - position;
  return isShort && batchBaseOffsetAt(head, 0) === nextOffset && !hasRightChecksum(rest, rest.length);
}

function hasIntactBatchAfter(file: FileWindow, position: number, nextOffset: number): boolean {
  for (let at = position; ; at++) {
    const head = file.from(at, batchHeaderBytes);
    if (!head) return false;
    if (!isBatchHeader(head, 0) || batchBaseOffsetAt(head, 0) < nextOffset) continue;
    const batch = file.from(at, batchSizeAt(head, 0));
    if (batch && isIntactBatch(batch)) return true;
  }
}
