import { closeSync, fdatasyncSync, ftruncateSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenableFile, OpenFiles } from '../storage/open-files';
import type { SyncedFile, SyncPolicy } from '../storage/sync-policy';
import { writeFully } from '../storage/write-fully';
import {
  batchBaseOffsetAt,
  batchHeaderBytes,
  batchLastOffsetAt,
  batchMaxTimestampAt,
  batchSizeAt,
  isBatchHeader,
} from './record-batch';
import type { BatchHeader } from './record-batch';

/** An entry every 4 KiB, as in Kafka's index files, would take 18 MB of memory for each GiB of log. */
const indexEveryBytes = 65_536;

interface IndexEntry {
  readonly baseOffset: number;
  readonly position: number;
  /** The latest timestamp of all batches before this one. */
  readonly maxTimestampBefore: bigint;
}

/** The smallest timestamp that a producer may send. */
const beforeAllTimestamps = -(2n ** 63n);

/** A missing timestamp must not delete a message at once, and one in the future must not keep it forever. */
function madeAtMs({ maxTimestamp }: BatchHeader, writtenAtMs: number): number {
  return maxTimestamp >= 0n && maxTimestamp < writtenAtMs ? Number(maxTimestamp) : writtenAtMs;
}

export function segmentFileName(baseOffset: number): string {
  return `${String(baseOffset).padStart(20, '0')}.log`;
}

export interface SegmentContext {
  readonly sync: SyncPolicy;
  readonly files: OpenFiles;
}

export interface SegmentOptions extends SegmentContext {
  readonly onSyncFailure: (error: Error) => void;
  /** Whether there is such a file already. */
  readonly exists: boolean;
}

/** One file of a partition's log, with a sparse index in memory. The file is open only while it is used. */
export class Segment implements SyncedFile, OpenableFile {
  readonly path: string;
  fd = -1;
  sizeBytes = 0;
  maxTimestamp = beforeAllTimestamps;
  /** The timestamp of its newest message, corrected if implausible. Retention uses it. */
  newestAtMs = 0;
  private readonly index: IndexEntry[] = [];
  private nextIndexedAt = 0;
  private exists: boolean;

  constructor(
    directory: string,
    readonly baseOffset: number,
    private readonly options: SegmentOptions,
  ) {
    this.path = join(directory, segmentFileName(baseOffset));
    this.exists = options.exists;
  }

  get isOpen(): boolean {
    return this.fd >= 0;
  }

  /** Opens the file, and creates a new one. Throws the system's error. */
  use(): number {
    this.options.files.use(this);
    return this.fd;
  }

  /** Called by OpenFiles only. */
  open(): void {
    this.fd = openSync(this.path, this.exists ? 'r+' : 'w+');
    this.exists = true;
  }

  /** Called by OpenFiles only. */
  release(): void {
    try {
      this.options.sync.settle(this);
    } catch (error) {
      this.options.onSyncFailure(error as Error);
    }
    closeSync(this.fd);
    this.fd = -1;
  }

  write(bytes: Buffer, header: BatchHeader, baseOffset: number, nowMs: number): void {
    writeFully(this.use(), bytes, this.sizeBytes);
    this.note(header, baseOffset, nowMs);
  }

  /** Adds the batch at the segment's end to the counters and the index. */
  note(header: BatchHeader, baseOffset: number, writtenAtMs: number): void {
    if (this.sizeBytes >= this.nextIndexedAt) {
      this.index.push({ baseOffset, position: this.sizeBytes, maxTimestampBefore: this.maxTimestamp });
      this.nextIndexedAt = this.sizeBytes + indexEveryBytes;
    }
    this.sizeBytes += header.sizeBytes;
    this.newestAtMs = Math.max(this.newestAtMs, madeAtMs(header, writtenAtMs));
    if (header.maxTimestamp > this.maxTimestamp) this.maxTimestamp = header.maxTimestamp;
  }

  /** Whole batches from the one that holds the offset: as many as fit, one at least. */
  readBatches(offset: number, maxBytes: number): Buffer {
    const position = this.positionOf(offset);
    const window = this.readAt(position, maxBytes);
    const wholeBytes = this.wholeBatchBytes(window);
    if (wholeBytes > 0) return window.subarray(0, wholeBytes);
    return this.readAt(position, batchSizeAt(this.headerAt(position), 0));
  }

  /** The first batch with a timestamp at or after the requested one. */
  batchAtTimestamp(timestamp: bigint): Buffer | undefined {
    if (this.sizeBytes === 0 || this.maxTimestamp < timestamp) return undefined;
    const entry = this.index.findLast((candidate) => candidate.maxTimestampBefore < timestamp);
    let position = entry?.position ?? 0;
    for (;;) {
      const header = this.headerAt(position);
      const sizeBytes = batchSizeAt(header, 0);
      if (batchMaxTimestampAt(header, 0) >= timestamp) return this.readAt(position, sizeBytes);
      position += sizeBytes;
    }
  }

  readAt(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.sizeBytes - position)));
    if (bytes.length === 0) return bytes;
    const read = readSync(this.use(), bytes, 0, bytes.length, position);
    if (read < bytes.length)
      throw new Error(`${this.path} has become shorter than the ${this.sizeBytes} bytes it had.`);
    return bytes;
  }

  truncate(): void {
    ftruncateSync(this.use(), this.sizeBytes);
  }

  /** Syncs writes that an earlier process may have left in the page cache. */
  settle(): void {
    fdatasyncSync(this.use());
  }

  syncFailed(error: Error): void {
    this.options.onSyncFailure(error);
  }

  close(): void {
    this.options.files.release(this);
  }

  delete(): void {
    this.close();
    rmSync(this.path, { force: true });
  }

  /** Throws when the file no longer holds the expected batch. */
  private headerAt(position: number): Buffer {
    const header = this.readAt(position, batchHeaderBytes);
    if (header.length === batchHeaderBytes && isBatchHeader(header, 0)) return header;
    throw new Error(`${this.path} no longer holds a batch at byte ${position}: it was changed.`);
  }

  private positionOf(offset: number): number {
    let low = 0;
    let high = this.index.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.index[middle]!.baseOffset <= offset) low = middle + 1;
      else high = middle;
    }
    let position = this.index[low - 1]?.position ?? 0;
    for (;;) {
      const header = this.headerAt(position);
      if (batchLastOffsetAt(header, 0) >= offset) return position;
      position += batchSizeAt(header, 0);
    }
  }

  private wholeBatchBytes(window: Buffer): number {
    let end = 0;
    while (window.length - end >= batchHeaderBytes) {
      const sizeBytes = batchSizeAt(window, end);
      if (end + sizeBytes > window.length || batchBaseOffsetAt(window, end) < this.baseOffset) break;
      end += sizeBytes;
    }
    return end;
  }
}
