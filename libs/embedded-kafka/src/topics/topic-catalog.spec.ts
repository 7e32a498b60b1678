import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordBatchOf } from '../conformance/record-batch-of';
import { TailBudget } from '../log/tail-cache';
import { ManualClock } from '../manual-clock';
import { SyncEverySecond } from '../storage/sync-policy';
import { ErrorCode } from '../wire/error-code';
import { configRefusal } from './topic-config';
import { TopicCatalog } from './topic-catalog';
import { isTopicName } from './topic-name';

const limits = { retentionMs: -1, retentionBytes: -1, segmentBytes: 10_000, maxMessageBytes: 10_000 };

describe('the catalog of topics', () => {
  let directory: string;
  let catalog: TopicCatalog;

  function open(): void {
    const sync = new SyncEverySecond();
    const around = { sync, tails: new TailBudget(0, 0), clock: new ManualClock(), onError: () => undefined };
    catalog = new TopicCatalog(directory, limits, around);
  }
  function restart(): void {
    catalog.close();
    open();
  }
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'topic-catalog-'));
    open();
  });
  afterEach(() => {
    catalog.close();
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
    // As a kill between the journal's entry and the removal leaves it.
    mkdirSync(join(directory, 'topics', 't-0'), { recursive: true });
    restart();
    expect([catalog.get('t'), readdirSync(join(directory, 'topics'))]).toEqual([undefined, []]);
    catalog.create('t', 1, {});
    expect(catalog.partition('t', 0)!.endOffset).toBe(0);
  });

  it('never gives a producer id twice', () => {
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
