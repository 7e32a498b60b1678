import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../test/manual-clock';
import { SyncEverySecond } from '../storage/sync-policy';
import { CommittedOffsets } from './committed-offsets';
import { GroupRegistry } from './group-registry';

const mebibyte = 1024 * 1024;

describe('the groups of a broker', () => {
  let directory: string;
  let offsets: CommittedOffsets;
  let groups: GroupRegistry;
  let clock: ManualClock;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'group-registry-'));
    offsets = new CommittedOffsets({ path: join(directory, 'offsets.journal'), sync: new SyncEverySecond() });
    clock = new ManualClock();
    groups = new GroupRegistry(offsets, clock);
  });
  afterEach(() => {
    groups.close();
    offsets.close();
    rmSync(directory, { recursive: true });
  });

  function joinOnce(name: string, metadata = Buffer.alloc(0)): void {
    const times = { sessionTimeoutMs: 6000, rebalanceTimeoutMs: 6000 };
    const who = { memberId: '', groupInstanceId: null, clientId: 'c', clientHost: '', protocolType: 'consumer' };
    groups.obtain(name).join({ ...who, ...times, protocols: [{ name: 'range', metadata }] }, () => undefined);
  }

  it('removes groups that have neither members nor offsets', () => {
    void offsets.commit('kept', [{ topic: 't', partition: 0, offset: 1, metadata: '' }]);
    joinOnce('kept');
    for (let at = 0; at < 1000; at++) {
      joinOnce(`invented ${at}`);
      clock.advance(7000);
    }
    expect(groups.all().length).toBeLessThanOrEqual(200);
    expect(groups.get('kept')).toBeDefined();
  });

  it('rejects members beyond the memory limit until others have left', () => {
    for (let at = 0; at < 63; at++) joinOnce(`group ${at}`, Buffer.alloc(mebibyte));
    expect([groups.hasRoomFor(0), groups.hasRoomFor(mebibyte)]).toEqual([true, false]);
    clock.advance(7000);
    expect(groups.hasRoomFor(mebibyte)).toBe(true);
  });
});
