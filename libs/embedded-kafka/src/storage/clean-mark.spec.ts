import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Broker } from '../broker';
import { recordBatchOf } from '../../test/conformance/record-batch-of';
import { ManualClock } from '../../test/manual-clock';
import { toBrokerSettings } from '../settings';

describe('the mark of a clean shutdown', () => {
  let directory: string;
  let broker: Broker;
  const start = (): Broker => {
    const settings = toBrokerSettings({ directory, onError: () => undefined });
    return new Broker(settings, 'cluster', new ManualClock());
  };
  const isMarked = (): boolean => existsSync(join(directory, 'clean-shutdown'));
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'clean-mark-'));
    broker = start();
    broker.catalog.create('t', 1, {});
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('keeps the mark only between a clean shutdown and the next start', () => {
    broker.catalog.partition('t', 0)!.append(recordBatchOf(['v']));
    expect(isMarked()).toBe(false);
    broker.close();
    expect(isMarked()).toBe(true);
    broker = start();
    expect([isMarked(), broker.catalog.partition('t', 0)!.endOffset]).toEqual([false, 1]);
    broker.close();
  });

  it('sets no mark when a partition could not be synced', () => {
    rmSync(join(directory, 'topics', 't-0'), { recursive: true });
    expect(broker.catalog.partition('t', 0)!.append(recordBatchOf(['v'])).error).not.toBe(0);
    broker.close();
    expect(isMarked()).toBe(false);
  });
});
