import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordBatchOf } from '../../test/conformance/record-batch-of';
import { segmentFileName } from '../log/segment';
import { TailBudget } from '../log/tail-cache';
import { ManualClock } from '../../test/manual-clock';
import { DamagedJournalError } from '../storage/journal';
import { OpenFiles } from '../storage/open-files';
import { SyncEverySecond } from '../storage/sync-policy';
import { ErrorCode } from '../wire/error-code';
import { configRefusal } from './topic-config';
import { catalogFileName, TopicCatalog } from './topic-catalog';
import { UnknownDirectoryError } from './topic-directories';
import { isTopicName } from './topic-name';

const limits = { retentionMs: -1, retentionBytes: -1, segmentBytes: 10_000, maxMessageBytes: 10_000 };

describe('the catalog of topics', () => {
  let directory: string;
  let catalog: TopicCatalog;
  let isOpen: boolean;
  let warnings: string[];

  function open(): void {
    const sync = new SyncEverySecond();
    const context = {
      sync,
      tails: new TailBudget(0, 0),
      files: new OpenFiles(5),
      clock: new ManualClock(),
      onError: (error: Error) => warnings.push(error.message),
    };
    isOpen = false;
    catalog = new TopicCatalog(directory, limits, context);
    isOpen = true;
  }
  function close(): void {
    if (isOpen) catalog.close();
    isOpen = false;
  }
  function restart(): void {
    close();
    open();
  }
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'topic-catalog-'));
    warnings = [];
    open();
  });
  afterEach(() => {
    close();
    rmSync(directory, { recursive: true });
  });

  it('knows its topics, their partitions and settings after a restart', () => {
    catalog.create('t', 2, { 'max.message.bytes': '100' });
    catalog.extend('t', 3);
    catalog.partition('t', 2)!.append(recordBatchOf(['v']));
    restart();
    expect(catalog.get('t')!.partitions.map(({ endOffset }) => endOffset)).toEqual([0, 0, 1]);
    const refusal = catalog.partition('t', 0)!.refusalOf(recordBatchOf(['v'.repeat(100)]));
    expect(refusal).toBe(ErrorCode.messageTooLarge);
  });

  it('does not bring a deleted topic back, nor its messages (C1, C2)', () => {
    catalog.create('t', 1, {});
    catalog.partition('t', 0)!.append(recordBatchOf(['old']));
    catalog.delete('t');
    // The state after a kill between the journal's entry and the removal.
    mkdirSync(join(directory, 'topics', 't-0'), { recursive: true });
    restart();
    expect([catalog.get('t'), readdirSync(join(directory, 'topics'))]).toEqual([undefined, []]);
    catalog.create('t', 1, {});
    expect(catalog.partition('t', 0)!.endOffset).toBe(0);
  });

  /** A topic with a message, and the names of its files. */
  function withMessages(): { journal: string; partition: string } {
    catalog.create('t', 2, {});
    catalog.partition('t', 1)!.append(recordBatchOf(['precious']));
    return { journal: join(directory, catalogFileName), partition: join(directory, 'topics', 't-1') };
  }

  it('fails to start with any one bit of its journal flipped, and keeps all messages (C3)', () => {
    const { journal, partition } = withMessages();
    close();
    const intact = readFileSync(journal);
    for (let bit = 0; bit < intact.length * 8; bit++) {
      const damaged = Buffer.from(intact);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(journal, damaged);
      expect(open).toThrow(DamagedJournalError);
    }
    expect(statSync(join(partition, segmentFileName(0))).size).toBeGreaterThan(0);
    writeFileSync(journal, intact);
    open();
    expect(catalog.partition('t', 1)!.endOffset).toBe(1);
  });

  it.each([
    ['emptied', (path: string) => truncateSync(path, 0)],
    ['deleted', (path: string) => rmSync(path)],
  ])('fails to start with its journal %s at every attempt, and names the remedy (C3)', (_, damage) => {
    const { journal, partition } = withMessages();
    close();
    damage(journal);
    expect(open).toThrow(`${journal} is empty`);
    expect(open).toThrow('move');
    expect(statSync(join(partition, segmentFileName(0))).size).toBeGreaterThan(0);
  });

  it('fails to start when its journal lost its last entries, instead of deleting their messages (C3)', () => {
    const emptyBytes = statSync(join(directory, catalogFileName)).size;
    const { journal, partition } = withMessages();
    close();
    truncateSync(journal, emptyBytes);
    expect(open).toThrow(UnknownDirectoryError);
    expect(open).toThrow(partition);
  });

  it('reverts a deletion that was interrupted before the journal recorded it (C2)', () => {
    const { partition } = withMessages();
    close();
    renameSync(partition, `${partition}~`);
    open();
    expect([catalog.partition('t', 1)!.endOffset, warnings]).toEqual([1, []]);
  });

  it('finishes a deletion that was interrupted after the journal recorded it (C2)', () => {
    const { partition } = withMessages();
    catalog.delete('t');
    close();
    mkdirSync(`${partition}~`);
    writeFileSync(join(`${partition}~`, segmentFileName(0)), recordBatchOf(['deleted']));
    open();
    expect(readdirSync(join(directory, 'topics'))).toEqual([]);
  });

  it('warns of a partition whose directory is missing', () => {
    const { partition } = withMessages();
    close();
    rmSync(partition, { recursive: true });
    open();
    expect(warnings).toEqual([expect.stringContaining(partition)]);
  });

  it('does not touch files that are not its own', () => {
    writeFileSync(join(directory, 'topics', '.DS_Store'), 'finder');
    restart();
    expect(readdirSync(join(directory, 'topics'))).toEqual(['.DS_Store']);
  });

  it('applies the retention of all partitions, even when one of them fails', () => {
    catalog.create('t', 2, { 'retention.ms': '0' });
    for (const log of catalog.get('t')!.partitions) log.append(recordBatchOf(['v'], { timestamps: [1] }));
    rmSync(join(directory, 'topics', 't-0'), { recursive: true });
    catalog.retain();
    expect(warnings).toHaveLength(1);
    expect(catalog.partition('t', 1)!.startOffset).toBe(1);
  });

  it('never assigns a producer id twice', () => {
    const first = [catalog.takeProducerId(), catalog.takeProducerId()];
    restart();
    expect(new Set([...first, catalog.takeProducerId()]).size).toBe(3);
  });
});

describe('a topic', () => {
  it.each(['', '.', '..', 'a/b', 'a b', 'é', 'x'.repeat(250)])('cannot be named %j', (name) => {
    expect(isTopicName(name)).toBe(false);
  });

  it.each([
    ['retention.ms', 'soon'],
    ['segment.bytes', '1'],
    ['cleanup.policy', 'compact'],
    ['flush.messages', '1'],
    ['retention.bytes', null],
  ])('cannot have %s = %j', (name, value) => {
    expect(configRefusal(name, value)).toContain(name);
  });

  it.each([
    ['retention.ms', '-1'],
    ['cleanup.policy', 'delete'],
  ])('can have %s = %s', (name, value) => {
    expect(configRefusal(name, value)).toBeUndefined();
  });
});
