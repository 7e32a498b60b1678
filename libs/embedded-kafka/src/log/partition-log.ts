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
import type { SegmentSurroundings } from './segment';
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

export interface LogSurroundings extends SegmentSurroundings {
  readonly tails: TailBudget;
  readonly clock: Clock;
  /** Whether what the files hold is known to be on the disk. */
  readonly isSettled?: boolean;
  onError(error: Error): void;
}

/** The outcome of an append; `durable` is there when the acknowledgement has to wait for the disk. */
export interface Appended {
  readonly error: ErrorCode;
  readonly baseOffset: number;
  readonly durable?: Promise<void>;
}

/** What a write may lack for a while. The bytes it wrote are taken back. */
const lackings: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE']);

const refusedWith = (error: ErrorCode): Appended => ({ error, baseOffset: -1 });

/**
 * The log of one partition.
 *
 * L1. A batch is written to the operating system, whole, before it gets its answer.
 * L2. Consumers read below the high watermark only: what a producer may be told is there.
 * L3. Offsets have no gaps; the first segment's name is the first offset.
 * L4. After a failed sync, or a write whose rest could not be taken back, the partition takes nothing more until the
 *     broker is started anew. What is only lacking, room on the disk or a descriptor, is refused until it is there.
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
  private isLacking = false;

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
    return refusal === ErrorCode.none ? refusalOfBatchRecords(batch, recordCountOf(batch)) : refusal;
  }

  /** Appends a batch that `refusalOf` finds nothing wrong with. The buffer now belongs to the log. */
  append(batch: Buffer): Appended {
    if (this.failure) return refusedWith(ErrorCode.kafkaStorageError);
    const header = readBatchHeader(batch);
    const verdict = this.producers.judge(header);
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
      oldest.delete();
      this.startOffset = this.segments[0]!.baseOffset;
    }
  }

  /** Brings everything to the disk. Returns whether that, and everything before, succeeded. */
  close(): boolean {
    this.tail.close();
    for (const segment of this.segments.splice(0)) segment.close();
    const isSound = this.failure === undefined;
    this.failure ??= new Error(`The log ${this.directory} is closed.`);
    return isSound;
  }

  /** Called when the partition is gone, for who waits for it to hear of that. */
  wakeAll(): void {
    this.wake(Infinity);
  }

  private write(batch: Buffer, header: BatchHeader): Appended {
    const baseOffset = this.endOffset;
    placeBatch(batch, baseOffset);
    const now = this.around.clock.now();
    this.active.write(batch, header, baseOffset, now);
    this.isLacking = false;
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

  /** Goes on in a new segment when the batch does not fit. Nothing has changed when it throws. */
  private makeRoom(batchBytes: number): void {
    const { sizeBytes } = this.active;
    if (sizeBytes > 0 && sizeBytes + batchBytes > this.limits.segmentBytes) this.roll();
    else this.active.use();
  }

  private roll(): void {
    this.around.sync.settle(this.active);
    const next = this.openSegment(this.endOffset, false);
    next.use();
    this.around.files.withRoom(() => syncDirectory(this.directory));
    this.segments.push(next);
  }

  /** Tells of a batch that could not be written; once as long as the same thing is lacking. */
  private refuse(error: NodeJS.ErrnoException): void {
    if (!lackings.has(error.code)) return this.fail(error);
    if (!this.isLacking) this.around.onError(new Error(`${this.directory} refuses messages: ${error.message}`));
    this.isLacking = true;
  }

  private fail(error: Error): void {
    if (this.failure) return;
    this.failure = error;
    this.around.onError(new Error(`${this.directory} takes no more writes: ${error.message}`, { cause: error }));
  }

  private openSegment(baseOffset: number, exists: boolean): Segment {
    const { sync, files } = this.around;
    return new Segment(this.directory, baseOffset, { sync, files, exists, onSyncFailure: (error) => this.fail(error) });
  }

  private recover(): void {
    const { files } = this.around;
    const baseOffsets = files
      .withRoom(() => readdirSync(this.directory))
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
    if (this.active.sizeBytes > 0 && !this.around.isSettled) this.active.settle();
    // Most partitions are not used for long: none keeps a descriptor from here on.
    for (const segment of this.segments) segment.close();
    this.startOffset = this.segments[0]!.baseOffset;
    this.highWatermark = this.endOffset;
  }

  /** Offsets have no gaps (L3): one between two segments means that a file is missing, or lost its end. */
  private gapBefore(baseOffset: number): DamagedSegmentError {
    const next = join(this.directory, segmentFileName(baseOffset));
    return DamagedSegmentError.between(this.active.path, this.endOffset, next, baseOffset);
  }
}
