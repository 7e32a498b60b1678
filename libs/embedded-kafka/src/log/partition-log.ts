import { fdatasyncSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock';
import { syncDirectory } from '../storage/sync-directory';
import type { SyncPolicy } from '../storage/sync-policy';
import { ErrorCode } from '../wire/error-code';
import { ProducerLedger } from './producer-ledger';
import { placeBatch, readBatchHeader, refusalOf } from './record-batch';
import type { BatchHeader } from './record-batch';
import { refusalOfBatchRecords } from './record-validation';
import { Segment, segmentFileName } from './segment';
import { DamagedSegmentError, recoverSegment } from './segment-recovery';
import { TailCache } from './tail-cache';
import type { TailBudget } from './tail-cache';
import { offsetAtTimestamp } from './timestamp-lookup';
import type { TimestampedOffset } from './timestamp-lookup';

/** The limits of a topic that its logs keep. -1 means without limit. */
export interface LogLimits {
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly segmentBytes: number;
  readonly maxMessageBytes: number;
}

export interface LogSurroundings {
  readonly sync: SyncPolicy;
  readonly tails: TailBudget;
  readonly clock: Clock;
  onError(error: Error): void;
}

/** The outcome of an append; `durable` is there when the acknowledgement has to wait for the disk. */
export interface Appended {
  readonly error: ErrorCode;
  readonly baseOffset: number;
  readonly durable?: Promise<void>;
}

const refusedWith = (error: ErrorCode): Appended => ({ error, baseOffset: -1 });

/**
 * The log of one partition.
 *
 * L1. A batch is written to the operating system, whole, before it gets its answer.
 * L2. Consumers read below the high watermark only: what a producer may be told is there.
 * L3. Offsets have no gaps; the first segment's name is the first offset.
 * L4. After a failed write or sync the partition takes nothing more until the broker is started anew.
 */
export class PartitionLog {
  startOffset = 0;
  endOffset = 0;
  highWatermark = 0;
  private readonly segments: Segment[] = [];
  private readonly producers = new ProducerLedger();
  private readonly tail: TailCache;
  private readonly watchers = new Set<(appendedBytes: number) => void>();
  private failure: Error | undefined;

  constructor(
    readonly directory: string,
    private readonly limits: LogLimits,
    private readonly around: LogSurroundings,
  ) {
    mkdirSync(directory, { recursive: true });
    this.tail = new TailCache(around.tails);
    try {
      this.recover();
    } catch (error) {
      this.failure = error as Error;
      this.close();
      throw error;
    }
  }

  /** Why what a producer sent is not taken, or none: it must be one intact batch whose records read. */
  refusalOf(batch: Buffer): ErrorCode | Promise<ErrorCode> {
    const refusal = refusalOf(batch, this.limits.maxMessageBytes);
    return refusal === ErrorCode.none ? refusalOfBatchRecords(batch, readBatchHeader(batch).recordCount) : refusal;
  }

  /** Appends a batch that `refusalOf` finds nothing wrong with. The buffer now belongs to the log. */
  append(batch: Buffer): Appended {
    if (this.failure) return refusedWith(ErrorCode.kafkaStorageError);
    const header = readBatchHeader(batch);
    const verdict = this.producers.judge(header);
    if (verdict.kind === 'refused') return refusedWith(verdict.error);
    if (verdict.kind === 'duplicate') return this.repeat(verdict.baseOffset);
    try {
      return this.write(batch, header);
    } catch (error) {
      this.fail(error as Error);
      return refusedWith(ErrorCode.kafkaStorageError);
    }
  }

  /** Whole batches from the one that holds the offset, up to `maxBytes`, but at least one when there is any. */
  read(offset: number, maxBytes: number): Buffer[] {
    if (offset >= this.highWatermark) return [];
    const cached = this.tail.read(offset, this.highWatermark, maxBytes);
    if (cached) return cached;
    const segment = this.segments.findLast((candidate) => candidate.baseOffset <= offset);
    return segment ? [segment.readBatches(offset, maxBytes)] : [];
  }

  offsetAt(timestamp: bigint): TimestampedOffset | undefined {
    for (const segment of this.segments) {
      const batch = segment.batchAtTimestamp(timestamp);
      if (batch) return offsetAtTimestamp(batch, timestamp);
    }
    return undefined;
  }

  /** Calls back on every append until the returned function is called. */
  watch(watcher: (appendedBytes: number) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Deletes whole segments that are too old or too many. */
  retain(): void {
    if (this.failure) return;
    const { retentionMs, retentionBytes } = this.limits;
    const now = this.around.clock.now();
    this.producers.forgetSilent(now);
    const isExpired = (segment: Segment): boolean =>
      retentionMs >= 0 && segment.sizeBytes > 0 && segment.newestAtMs < now - retentionMs;
    if (this.segments.every(isExpired)) this.roll();
    let totalBytes = this.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
    while (this.segments.length > 1) {
      const oldest = this.segments[0]!;
      const isSurplus = retentionBytes >= 0 && totalBytes - oldest.sizeBytes >= retentionBytes;
      if (!isExpired(oldest) && !isSurplus) break;
      totalBytes -= oldest.sizeBytes;
      this.segments.shift();
      this.around.sync.settle(oldest);
      oldest.delete();
      this.startOffset = this.segments[0]!.baseOffset;
    }
  }

  close(): void {
    this.tail.close();
    for (const segment of this.segments.splice(0)) {
      if (!this.failure) this.around.sync.settle(segment);
      segment.close();
    }
    this.failure ??= new Error(`The log ${this.directory} is closed.`);
  }

  /** Called when the partition is gone, for who waits for it to hear of that. */
  wakeAll(): void {
    this.wake(Infinity);
  }

  private write(batch: Buffer, header: BatchHeader): Appended {
    const baseOffset = this.endOffset;
    if (this.active.sizeBytes > 0 && this.active.sizeBytes + batch.length > this.limits.segmentBytes) this.roll();
    placeBatch(batch, baseOffset);
    const now = this.around.clock.now();
    this.active.write(batch, header, baseOffset, now);
    this.endOffset = baseOffset + header.recordCount;
    this.producers.note(header, baseOffset, now);
    this.tail.add(baseOffset, this.endOffset - 1, batch);
    const durable = this.around.sync.written(this.active);
    const { endOffset } = this;
    if (!durable) {
      this.expose(endOffset, batch.length);
      return { error: ErrorCode.none, baseOffset };
    }
    return { error: ErrorCode.none, baseOffset, durable: durable.then(() => this.expose(endOffset, batch.length)) };
  }

  /** Answers a batch sent again; when the first sending still waits for the disk, so does this one. */
  private repeat(baseOffset: number): Appended {
    const durable = baseOffset < this.highWatermark ? undefined : this.around.sync.written(this.active);
    return { error: ErrorCode.none, baseOffset, ...(durable && { durable }) };
  }

  private expose(endOffset: number, appendedBytes: number): void {
    this.highWatermark = Math.max(this.highWatermark, endOffset);
    this.wake(appendedBytes);
  }

  private wake(appendedBytes: number): void {
    for (const watcher of this.watchers) watcher(appendedBytes);
  }

  private get active(): Segment {
    return this.segments.at(-1)!;
  }

  private roll(): void {
    this.around.sync.settle(this.active);
    this.segments.push(this.openSegment(this.endOffset, false));
    syncDirectory(this.directory);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.around.onError(new Error(`${this.directory} takes no more writes: ${error.message}`, { cause: error }));
  }

  private openSegment(baseOffset: number, exists: boolean): Segment {
    return new Segment(this.directory, baseOffset, (error) => this.fail(error), exists);
  }

  private recover(): void {
    const baseOffsets = readdirSync(this.directory)
      .filter((name) => /^\d{20}\.log$/.test(name))
      .map((name) => Number.parseInt(name, 10))
      .toSorted((left, right) => left - right);
    const now = this.around.clock.now();
    for (const [position, baseOffset] of baseOffsets.entries()) {
      if (position > 0 && baseOffset !== this.endOffset) throw this.gapBefore(baseOffset);
      const segment = this.openSegment(baseOffset, true);
      this.segments.push(segment);
      const isLast = position === baseOffsets.length - 1;
      this.endOffset = recoverSegment(segment, isLast, (header) => this.producers.note(header, header.baseOffset, now));
    }
    if (this.segments.length === 0) this.segments.push(this.openSegment(0, false));
    // What a killed broker had only written is settled here: rolling syncs no more than this process wrote.
    if (this.active.sizeBytes > 0) fdatasyncSync(this.active.fd);
    this.startOffset = this.segments[0]!.baseOffset;
    this.highWatermark = this.endOffset;
  }

  /** Offsets have no gaps (L3): one between two segments means that a file is missing, or lost its end. */
  private gapBefore(baseOffset: number): DamagedSegmentError {
    const next = join(this.directory, segmentFileName(baseOffset));
    return DamagedSegmentError.between(this.active.path, this.endOffset, next, baseOffset);
  }
}
