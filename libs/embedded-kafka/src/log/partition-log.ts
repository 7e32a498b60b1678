import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock';
import { syncDirectory } from '../storage/sync-directory';
import { ErrorCode } from '../wire/error-code';
import { ProducerLedger } from './producer-ledger';
import { placeBatch, readBatchHeader, recordCountOf, refusalOf } from './record-batch';
import type { BatchHeader } from './record-batch';
import { refusalOfBatchRecords } from './record-validation';
import { Segment, segmentFileName } from './segment';
import type { SegmentContext } from './segment';
import { DamagedSegmentError, recoverSegment } from './segment-recovery';
import { TailCache } from './tail-cache';
import type { TailBudget } from './tail-cache';
import { offsetAtTimestamp } from './timestamp-lookup';
import type { TimestampedOffset } from './timestamp-lookup';

/** The topic's limits for each of its logs. -1 means no limit. */
export interface LogLimits {
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly segmentBytes: number;
  readonly maxMessageBytes: number;
}

export interface LogContext extends SegmentContext {
  readonly tails: TailBudget;
  readonly clock: Clock;
  /** Whether the files are known to be synced to the disk. */
  readonly isSettled?: boolean;
  onError(error: Error): void;
}

/** The result of an append; `durable` is set when the acknowledgement must wait for the disk. */
export interface Appended {
  readonly error: ErrorCode;
  readonly baseOffset: number;
  readonly durable?: Promise<void>;
}

/** Temporary causes of a failed write. The bytes already written are truncated. */
const resourceErrors: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE']);

const refusedWith = (error: ErrorCode): Appended => ({ error, baseOffset: -1 });

/**
 * The log of one partition.
 *
 * L1. A batch is written to the operating system, whole, before it gets its answer.
 * L2. Consumers read only below the high watermark, which is what producers may see acknowledged.
 * L3. Offsets have no gaps; the first segment's name is the first offset.
 * L4. After a failed sync, or a partial write that could not be truncated, the partition rejects all writes until the
 *     broker restarts. When only disk space or a file descriptor is missing, it rejects writes until there is one.
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
  private isOutOfResources = false;

  constructor(
    readonly directory: string,
    private readonly limits: LogLimits,
    private readonly context: LogContext,
  ) {
    mkdirSync(directory, { recursive: true });
    this.tail = new TailCache(context.tails);
    try {
      this.recover();
    } catch (error) {
      this.failure = error as Error;
      this.close();
      throw error;
    }
  }

  /** Why a producer's batch is rejected, or none. It must be one intact batch with readable records. */
  refusalOf(batch: Buffer): ErrorCode | Promise<ErrorCode> {
    const refusal = refusalOf(batch, this.limits.maxMessageBytes);
    return refusal === ErrorCode.none ? refusalOfBatchRecords(batch, recordCountOf(batch)) : refusal;
  }

  /** Appends a batch that passed `refusalOf`. The buffer belongs to the log from then on. */
  append(batch: Buffer): Appended {
    if (this.failure) return refusedWith(ErrorCode.kafkaStorageError);
    const header = readBatchHeader(batch);
    const verdict = this.producers.classify(header);
    if (verdict.kind === 'refused') return refusedWith(verdict.error);
    if (verdict.kind === 'duplicate') return this.repeat(verdict.baseOffset);
    try {
      this.makeRoom(batch.length);
      return this.write(batch, header);
    } catch (error) {
      this.refuse(error as NodeJS.ErrnoException);
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

  /** The latest timestamp of all messages; undefined when there are none. */
  get newestTimestamp(): bigint | undefined {
    const timestamps = this.segments.filter(({ sizeBytes }) => sizeBytes > 0).map(({ maxTimestamp }) => maxTimestamp);
    return timestamps.reduce<bigint | undefined>(
      (most, each) => (most !== undefined && most > each ? most : each),
      undefined,
    );
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
    const now = this.context.clock.now();
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
      oldest.delete();
      this.startOffset = this.segments[0]!.baseOffset;
    }
  }

  /** Syncs everything to the disk. Returns whether this and all earlier syncs succeeded. */
  close(): boolean {
    this.tail.close();
    for (const segment of this.segments.splice(0)) segment.close();
    const isSound = this.failure === undefined;
    this.failure ??= new Error(`The log ${this.directory} is closed.`);
    return isSound;
  }

  /** Called when the partition is deleted; notifies those that wait for its messages. */
  wakeAll(): void {
    this.wake(Infinity);
  }

  private write(batch: Buffer, header: BatchHeader): Appended {
    const baseOffset = this.endOffset;
    placeBatch(batch, baseOffset);
    const now = this.context.clock.now();
    this.active.write(batch, header, baseOffset, now);
    this.isOutOfResources = false;
    this.endOffset = baseOffset + header.recordCount;
    this.producers.note(header, baseOffset, now);
    this.tail.add(baseOffset, this.endOffset - 1, batch);
    const durable = this.context.sync.written(this.active);
    const { endOffset } = this;
    if (!durable) {
      this.expose(endOffset, batch.length);
      return { error: ErrorCode.none, baseOffset };
    }
    return { error: ErrorCode.none, baseOffset, durable: durable.then(() => this.expose(endOffset, batch.length)) };
  }

  /** Answers a duplicate batch; it waits for the disk if the first copy still does. */
  private repeat(baseOffset: number): Appended {
    const durable = baseOffset < this.highWatermark ? undefined : this.context.sync.written(this.active);
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

  /** Starts a new segment when the batch does not fit. Changes nothing when it throws. */
  private makeRoom(batchBytes: number): void {
    const { sizeBytes } = this.active;
    if (sizeBytes > 0 && sizeBytes + batchBytes > this.limits.segmentBytes) this.roll();
    else this.active.use();
  }

  private roll(): void {
    this.context.sync.settle(this.active);
    const next = this.openSegment(this.endOffset, false);
    next.use();
    this.context.files.withRoom(() => syncDirectory(this.directory));
    this.segments.push(next);
  }

  /** Reports a batch that could not be written, once per cause. */
  private refuse(error: NodeJS.ErrnoException): void {
    if (!resourceErrors.has(error.code)) return this.fail(error);
    if (!this.isOutOfResources) this.context.onError(new Error(`${this.directory} rejects messages: ${error.message}`));
    this.isOutOfResources = true;
  }

  private fail(error: Error): void {
    if (this.failure) return;
    this.failure = error;
    this.context.onError(
      new Error(`${this.directory} rejects all writes until the broker restarts: ${error.message}`, { cause: error }),
    );
  }

  private openSegment(baseOffset: number, exists: boolean): Segment {
    const { sync, files } = this.context;
    return new Segment(this.directory, baseOffset, { sync, files, exists, onSyncFailure: (error) => this.fail(error) });
  }

  private recover(): void {
    const { files } = this.context;
    const baseOffsets = files
      .withRoom(() => readdirSync(this.directory))
      .filter((name) => /^\d{20}\.log$/.test(name))
      .map((name) => Number.parseInt(name, 10))
      .toSorted((left, right) => left - right);
    const now = this.context.clock.now();
    for (const [position, baseOffset] of baseOffsets.entries()) {
      if (position > 0 && baseOffset !== this.endOffset) throw this.gapBefore(baseOffset);
      const segment = this.openSegment(baseOffset, true);
      this.segments.push(segment);
      const isLast = position === baseOffsets.length - 1;
      this.endOffset = recoverSegment(segment, isLast, (header) => this.producers.note(header, header.baseOffset, now));
    }
    if (this.segments.length === 0) this.segments.push(this.openSegment(0, false));
    // A killed broker may have left unsynced writes, and rolling syncs only this process's: sync them here.
    if (this.active.sizeBytes > 0 && !this.context.isSettled) this.active.settle();
    // Most partitions are not used soon, so none keeps its descriptor.
    for (const segment of this.segments) segment.close();
    this.startOffset = this.segments[0]!.baseOffset;
    this.highWatermark = this.endOffset;
  }

  /** Offsets have no gaps (L3): a gap between two segments means that a file is missing or was cut short. */
  private gapBefore(baseOffset: number): DamagedSegmentError {
    const next = join(this.directory, segmentFileName(baseOffset));
    return DamagedSegmentError.between(this.active.path, this.endOffset, next, baseOffset);
  }
}
