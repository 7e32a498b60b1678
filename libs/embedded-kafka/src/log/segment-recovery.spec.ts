import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordBatchOf } from '../../test/conformance/record-batch-of';
import { ManualClock } from '../../test/manual-clock';
import { OpenFiles } from '../storage/open-files';
import { SyncEverySecond } from '../storage/sync-policy';
import { ErrorCode } from '../wire/error-code';
import { PartitionLog } from './partition-log';
import type { Appended } from './partition-log';
import { DamagedSegmentError } from './segment-recovery';
import { TailBudget } from './tail-cache';

const largeBytes = 1024 * 1024;

describe('the log of a partition after a crash or damage', () => {
  let directory: string;
  let log: PartitionLog;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'segment-recovery-'));
  });
  afterEach(() => {
    log.close();
    rmSync(directory, { recursive: true });
  });

  /** Opens the log as a starting broker does. */
  function open({ segmentBytes = largeBytes } = {}): void {
    const limits = { retentionMs: -1, retentionBytes: -1, segmentBytes, maxMessageBytes: largeBytes };
    log = new PartitionLog(directory, limits, {
      sync: new SyncEverySecond(),
      tails: new TailBudget(0, 0),
      files: new OpenFiles(3),
      clock: new ManualClock(),
      onError: () => undefined,
    });
  }
  const append = (values: string[]): Appended => log.append(recordBatchOf(values));
  const segments = (): string[] => readdirSync(directory).toSorted((left, right) => left.localeCompare(right));

  it.each([1, 20, 62, 75])('cuts off a last batch that lacks %i bytes', (missing) => {
    open();
    append(['whole']);
    append(['torn by a crash']);
    log.close();
    const path = join(directory, segments()[0]!);
    truncateSync(path, readFileSync(path).length - missing);
    open();
    expect(log.endOffset).toBe(1);
    expect(append(['next'])).toMatchObject({ baseOffset: 1 });
    expect([log.endOffset, log.read(1, largeBytes)[0]!.readBigInt64BE(0)]).toEqual([2, 1n]);
  });

  it.each([5, 61, 100, 5000])('cuts off %i bytes that were allotted and never written', (bytes) => {
    open();
    append(['whole']);
    log.close();
    appendFileSync(join(directory, segments()[0]!), Buffer.alloc(bytes));
    open();
    expect(log.endOffset).toBe(1);
  });

  it('never loses a message silently to one flipped bit of its last segment', () => {
    open();
    for (const value of ['a', 'b']) append([value]);
    log.close();
    const path = join(directory, segments()[0]!);
    const intact = readFileSync(path);
    const batchBytes = intact.length / 2;
    for (let byte = 0; byte < intact.length; byte++) {
      const damaged = Buffer.from(intact);
      damaged[byte]! ^= 1 << (byte & 7);
      writeFileSync(path, damaged);
      const byteOfBatch = byte % batchBytes;
      // The leader epoch is not used.
      if (byteOfBatch >= 12 && byteOfBatch < 16) {
        open();
        expect(log.endOffset).toBe(2);
        log.close();
      } else {
        expect(() => open()).toThrow(DamagedSegmentError);
        expect(readFileSync(path).equals(damaged)).toBe(true);
      }
    }
    expect(() => open()).toThrow(/damaged at byte \d+.*truncate -s \d+ /);
    writeFileSync(path, intact);
    open();
    expect(log.endOffset).toBe(2);
  });

  describe('with earlier segments', () => {
    const limits = { segmentBytes: 200 };
    let paths: string[];
    beforeEach(() => {
      open(limits);
      for (let at = 0; at < 10; at++) append(['some value']);
      log.close();
      paths = segments().map((name) => join(directory, name));
      expect(paths.length).toBeGreaterThan(3);
    });

    it.each<[string, (paths: string[]) => void, number]>([
      ['a missing one in the middle', ([, second]) => rmSync(second!), 0],
      ['an empty first one', ([first]) => truncateSync(first!, 0), 0],
      ['an empty one in the middle', ([, second]) => truncateSync(second!, 0), 1],
      ['one that was cut in a batch', ([first]) => truncateSync(first!, 100), 0],
      ['one that was cut between batches', ([, second]) => truncateSync(second!, statSync(second!).size / 2), 1],
      ['a copy of another in its place', ([first, second]) => copyFileSync(first!, second!), 1],
    ])('fails to start with %s, and names the file', (_, damage, named) => {
      damage(paths);
      expect(() => open(limits)).toThrow(DamagedSegmentError);
      expect(() => open(limits)).toThrow(paths[named]);
    });

    it('starts again once the newer segments are removed, as the error says', () => {
      rmSync(paths[1]!);
      for (const path of paths.slice(2)) rmSync(path);
      open(limits);
      expect(append(['next'])).toMatchObject({ error: ErrorCode.none, baseOffset: 2 });
    });
  });
});
