import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SyncEverySecond } from '../storage/sync-policy';
import { CommittedOffsets } from './committed-offsets';

describe('committed offsets', () => {
  let directory: string;
  let offsets: CommittedOffsets;

  const open = (): void => {
    offsets = new CommittedOffsets({
      path: join(directory, 'offsets.journal'),
      sync: new SyncEverySecond(),
      compactAboveBytes: 500,
    });
  };
  const commit = (group: string, topic: string, partition: number, offset: number): void => {
    void offsets.commit(group, [{ topic, partition, offset, metadata: 'm' }]);
  };
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'committed-offsets-'));
    open();
  });
  afterEach(() => {
    offsets.close();
    rmSync(directory, { recursive: true });
  });

  it('restores committed offsets after a restart, compacted or not', () => {
    for (let offset = 0; offset < 100; offset++) commit('g', 't', offset % 3, offset);
    offsets.close();
    open();
    expect([0, 1, 2].map((partition) => offsets.get('g', 't', partition)?.offset)).toEqual([99, 97, 98]);
  });

  it('deletes committed offsets with their group', () => {
    commit('g', 't', 0, 1);
    void offsets.deleteGroup('g');
    offsets.close();
    open();
    expect([offsets.has('g'), offsets.names()]).toEqual([false, []]);
  });

  it('deletes committed offsets with their topic, so that a recreated topic does not inherit them', () => {
    commit('g', 'old', 0, 1);
    commit('g', 'kept', 0, 2);
    void offsets.deleteTopic('old');
    offsets.close();
    open();
    expect(offsets.of('g')).toEqual([{ topic: 'kept', partition: 0, offset: 2, metadata: 'm' }]);
  });
});
