import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { recordBatchOf } from '../../test/conformance/record-batch-of';
import type { BatchOptions } from '../../test/conformance/record-batch-of';
import { ManualClock } from '../../test/manual-clock';
import { OpenFiles } from '../storage/open-files';
import type { OpenableFile } from '../storage/open-files';
import { SyncAlways, SyncEverySecond } from '../storage/sync-policy';
import type { SyncPolicy } from '../storage/sync-policy';
import { ErrorCode } from '../wire/error-code';
import { PartitionLog } from './partition-log';
import type { LogLimits } from './partition-log';
import { readBatchHeader } from './record-batch';
import { TailBudget } from './tail-cache';

const minute = 60_000;
const largeBytes = 1024 * 1024;

describe('the log of a partition', () => {
  let directory: string;
  let clock: ManualClock;
  let log: PartitionLog;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'partition-log-'));
    clock = new ManualClock();
  });
  afterEach(() => {
    log.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Opens the log as a starting broker does; without a cache when `cacheBytes` is 0. */
  function open(
    limits: Partial<LogLimits> = {},
    cacheBytes = 0,
    sync: SyncPolicy = new SyncEverySecond(),
    files = new OpenFiles(3),
    onError: (error: Error) => void = () => undefined,
  ): void {
    const all = { retentionMs: -1, retentionBytes: -1, segmentBytes: largeBytes, maxMessageBytes: largeBytes };
    const tails = new TailBudget(cacheBytes, cacheBytes);
    log = new PartitionLog(directory, { ...all, ...limits }, { sync, tails, files, clock, onError });
  }

  const append = (values: string[], options: BatchOptions = {}) =>
    log.append(recordBatchOf(values, { timestamps: values.map(() => clock.now()), ...options }));
  const baseOffsets = (batches: Buffer[]): number[] => {
    const bytes = Buffer.concat(batches);
    const found: number[] = [];
    for (let at = 0; at < bytes.length; at += readBatchHeader(bytes, at).sizeBytes) {
      found.push(readBatchHeader(bytes, at).baseOffset);
    }
    return found;
  };
  const segments = (): string[] => readdirSync(directory).toSorted((left, right) => left.localeCompare(right));

  it.each([0, largeBytes])(
    'reads whole batches from the one that holds an offset, with a cache of %i bytes',
    (bytes) => {
      open({}, bytes);
      for (let at = 0; at < 200; at++) append(['a', 'b', 'c']);
      expect(log.endOffset).toBe(600);
      expect(baseOffsets(log.read(301, 10_000))[0]).toBe(300);
      expect(baseOffsets(log.read(0, largeBytes))).toHaveLength(200);
      expect(baseOffsets(log.read(299, 1))).toEqual([297]);
      expect(log.read(600, largeBytes)).toEqual([]);
    },
  );

  it('reads batches from the file when the cache no longer holds them', () => {
    open({}, 1000);
    for (let at = 0; at < 100; at++) append(['a']);
    expect(baseOffsets(log.read(0, largeBytes))).toHaveLength(100);
    expect(baseOffsets(log.read(98, largeBytes))).toEqual([98, 99]);
  });

  it('finds every message of a large segment, by its offset and by its time', () => {
    open();
    const start = clock.now();
    for (let at = 0; at < 500; at++) {
      append(['x'.repeat(1000)]);
      clock.advance(minute);
    }
    expect(segments()).toHaveLength(1);
    const offsets = Array.from({ length: 500 }, (_, offset) => offset);
    expect(offsets.map((offset) => baseOffsets(log.read(offset, 1))[0])).toEqual(offsets);
    expect(offsets.map((offset) => log.offsetAt(BigInt(start + offset * minute))?.offset)).toEqual(offsets);
  });

  it('continues at its end when it is reopened', () => {
    open({ segmentBytes: 300 });
    for (let at = 0; at < 10; at++) append(['a', 'b']);
    log.close();
    open({ segmentBytes: 300 });
    expect(log.endOffset).toBe(20);
    expect(append(['c'])).toMatchObject({ error: ErrorCode.none, baseOffset: 20 });
    expect(segments().length).toBeGreaterThan(2);
  });

  it('remembers idempotent producers over a restart', () => {
    open();
    const producer = { producerId: 4, producerEpoch: 0 };
    append(['a', 'b'], { ...producer, baseSequence: 0 });
    append(['c'], { ...producer, baseSequence: 2 });
    log.close();
    open();
    expect(append(['c'], { ...producer, baseSequence: 2 })).toMatchObject({ error: ErrorCode.none, baseOffset: 2 });
    expect(append(['x'], { ...producer, baseSequence: 9 })).toMatchObject({ error: ErrorCode.outOfOrderSequence });
    expect(append(['d'], { ...producer, baseSequence: 3 })).toMatchObject({ error: ErrorCode.none, baseOffset: 3 });
  });

  it('deletes segments whose newest message is too old, including the active one', () => {
    open({ segmentBytes: 200, retentionMs: 10 * minute });
    for (let at = 0; at < 10; at++) {
      append(['one value']);
      clock.advance(minute);
    }
    clock.advance(4 * minute);
    log.retain();
    expect([log.startOffset > 0, log.startOffset <= 4, log.endOffset]).toEqual([true, true, 10]);
    clock.advance(20 * minute);
    log.retain();
    expect([log.startOffset, log.endOffset, segments().length]).toEqual([10, 10, 1]);
    log.close();
    open();
    expect([log.startOffset, log.endOffset]).toEqual([10, 10]);
  });

  it('deletes messages with a future or missing timestamp by the time of their append', () => {
    open({ segmentBytes: 200, retentionMs: 10 * minute });
    for (let at = 0; at < 10; at++) append(['one value'], { timestamps: [at % 2 === 0 ? 2n ** 63n - 1n : -1] });
    clock.advance(9 * minute);
    log.retain();
    expect([log.startOffset, log.endOffset]).toEqual([0, 10]);
    clock.advance(2 * minute);
    log.retain();
    expect([log.startOffset, log.endOffset]).toEqual([10, 10]);
  });

  it('keeps at least as many bytes as configured', () => {
    open({ segmentBytes: 200, retentionBytes: 500 });
    for (let at = 0; at < 20; at++) append(['one value']);
    log.retain();
    const kept = segments().reduce((sum, name) => sum + readFileSync(join(directory, name)).length, 0);
    expect(kept).toBeGreaterThanOrEqual(500);
    expect(kept).toBeLessThan(500 + 200);
  });

  it('finds the first message at or after a timestamp', () => {
    open({ segmentBytes: 400 });
    for (let at = 0; at < 20; at++) append(['a', 'b'], { timestamps: [at * 100, at * 100 + 50] });
    expect(log.offsetAt(0n)).toEqual({ offset: 0, timestamp: 0n });
    expect(log.offsetAt(1040n)).toEqual({ offset: 21, timestamp: 1050n });
    expect(log.offsetAt(1051n)).toEqual({ offset: 22, timestamp: 1100n });
    expect(log.offsetAt(5000n)).toBeUndefined();
  });

  it('finds no message in an empty log, even for the smallest timestamp', () => {
    open();
    expect(log.offsetAt(-(2n ** 63n))).toBeUndefined();
  });

  it('finds messages to the millisecond by timestamps that a double cannot represent', () => {
    open();
    const first = 2n ** 53n + 1n;
    append(['a', 'b', 'c'], { timestamps: [first, first + 1n, first + 2n] });
    append(['largest'], { timestamps: [2n ** 63n - 1n] });
    expect(log.offsetAt(first)).toEqual({ offset: 0, timestamp: first });
    expect(log.offsetAt(first + 1n)).toEqual({ offset: 1, timestamp: first + 1n });
    expect(log.offsetAt(first + 3n)).toEqual({ offset: 3, timestamp: 2n ** 63n - 1n });
    log.close();
    open();
    expect(log.offsetAt(first + 2n)).toEqual({ offset: 2, timestamp: first + 2n });
  });

  it('finds the first message at or after any timestamp, whatever timestamps its messages have', () => {
    const timestamp = fc.oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.bigInt(0n, 10n));
    fc.assert(
      fc.property(
        fc.array(fc.array(timestamp, { minLength: 1, maxLength: 3 }), { maxLength: 5 }),
        timestamp,
        (batches, wanted) => {
          open();
          for (const timestamps of batches)
            append(
              timestamps.map(() => 'v'),
              { timestamps },
            );
          const offset = batches.flat().findIndex((each) => each >= wanted);
          const expected = offset < 0 ? undefined : { offset, timestamp: batches.flat()[offset] };
          const found = log.offsetAt(wanted);
          log.close();
          for (const name of segments()) rmSync(join(directory, name));
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('shows a message to consumers only after it is on the disk, with fsync always', async () => {
    open({}, largeBytes, new SyncAlways());
    const { durable } = append(['a']);
    expect([log.highWatermark, log.read(0, largeBytes)]).toEqual([0, []]);
    await durable;
    expect([log.highWatermark, log.read(0, largeBytes).length]).toEqual([1, 1]);
  });

  it.each(['ENOSPC', 'EMFILE'])(
    'rejects messages while a resource is missing (%s), and accepts them again afterwards',
    (code) => {
      const errors: Error[] = [];
      let isOutOfResources = false;
      class ScarceFiles extends OpenFiles {
        override use(file: OpenableFile): void {
          if (isOutOfResources) throw Object.assign(new Error('there is none left'), { code });
          super.use(file);
        }
      }
      open({ segmentBytes: 100 }, 0, new SyncEverySecond(), new ScarceFiles(3), (error) => errors.push(error));
      append(['a']);
      isOutOfResources = true;
      for (let at = 0; at < 3; at++) expect(append(['b'])).toMatchObject({ error: ErrorCode.kafkaStorageError });
      expect(errors).toHaveLength(1);
      isOutOfResources = false;
      expect(append(['c'])).toMatchObject({ error: ErrorCode.none, baseOffset: 1 });
      log.close();
      open();
      expect(log.endOffset).toBe(2);
    },
  );

  it('rejects all writes after a failed sync', async () => {
    const failing: SyncPolicy = { written: () => undefined, settle: () => undefined, close: () => undefined };
    open({}, 0, {
      ...failing,
      written: (file) => {
        file.syncFailed(new Error('the disk is gone'));
        return undefined;
      },
    });
    append(['a']);
    expect(append(['b'])).toMatchObject({ error: ErrorCode.kafkaStorageError });
  });
});
