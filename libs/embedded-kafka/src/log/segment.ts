import { closeSync, ftruncateSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SyncedFile } from '../storage/sync-policy';
import { writeFully } from '../storage/write-fully';
import {
  batchBaseOffsetAt,
  batchHeaderBytes,
  batchLastOffsetAt,
  batchMaxTimestampAt,
  batchSizeAt,
} from './record-batch';
import type { BatchHeader } from './record-batch';

/** Every 4 KiB, as Kafka has it in files, would be 18 MB of this process' memory for each GiB of log. */
const indexEveryBytes = 65_536;

interface IndexEntry {
  readonly baseOffset: number;
  readonly position: number;
  /** The latest timestamp of all batches in front of this one. */
  readonly maxTimestampBefore: bigint;
}

/** What producers may send as a timestamp begins here. */
const beforeAllTimestamps = -(2n ** 63n);

/** A timestamp that is missing or lies in the future must not keep a message for ever, nor delete it at once. */
function madeAtMs({ maxTimestamp }: BatchHeader, writtenAtMs: number): number {
  return maxTimestamp >= 0n && maxTimestamp < writtenAtMs ? Number(maxTimestamp) : writtenAtMs;
}

export function segmentFileName(baseOffset: number): string {
  return `${String(baseOffset).padStart(20, '0')}.log`;
}

/** One file of a partition's log, with a sparse index of it in memory. */
export class Segment implements SyncedFile {
  readonly path: string;
  fd: number;
  sizeBytes = 0;
  maxTimestamp = beforeAllTimestamps;
  /** When its newest message was made, as far as that can be believed. Retention goes by it. */
  newestAtMs = 0;
  private readonly index: IndexEntry[] = [];
  private nextIndexedAt = 0;

  constructor(
    directory: string,
    readonly baseOffset: number,
    private readonly onSyncFailure: (error: Error) => void,
    exists = false,
  ) {
    this.path = join(directory, segmentFileName(baseOffset));
    this.fd = openSync(this.path, exists ? 'r+' : 'w+');
  }

  write(bytes: Buffer, header: BatchHeader, baseOffset: number, nowMs: number): void {
    writeFully(this.fd, bytes, this.sizeBytes);
    this.note(header, baseOffset, nowMs);
  }

  /** Counts a batch that lies at the segment's end. */
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
    return this.readAt(position, batchSizeAt(this.readAt(position, batchHeaderBytes), 0));
  }

  /** The first batch with a timestamp at or after the one asked for. */
  batchAtTimestamp(timestamp: bigint): Buffer | undefined {
    if (this.maxTimestamp < timestamp) return undefined;
    const entry = this.index.findLast((candidate) => candidate.maxTimestampBefore < timestamp);
    let position = entry?.position ?? 0;
    for (;;) {
      const header = this.readAt(position, batchHeaderBytes);
      const sizeBytes = batchSizeAt(header, 0);
      if (batchMaxTimestampAt(header, 0) >= timestamp) return this.readAt(position, sizeBytes);
      position += sizeBytes;
    }
  }

  readAt(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.sizeBytes - position)));
    return bytes.subarray(0, readSync(this.fd, bytes, 0, bytes.length, position));
  }

  truncate(): void {
    ftruncateSync(this.fd, this.sizeBytes);
  }

  syncFailed(error: Error): void {
    this.onSyncFailure(error);
  }

  close(): void {
    closeSync(this.fd);
    this.fd = -1;
  }

  delete(): void {
    this.close();
    rmSync(this.path, { force: true });
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
      const header = this.readAt(position, batchHeaderBytes);
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
