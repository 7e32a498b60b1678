import { GroupCommit } from './group-commit';

/** A disk that finishes writes when the test says so. */
class Disk {
  readonly groups: (readonly string[])[] = [];
  isAway = false;
  private readonly finish: (() => void)[] = [];

  readonly write = async (items: readonly string[]): Promise<string[]> => {
    this.groups.push(items);
    await new Promise<void>((resolve) => this.finish.push(resolve));
    if (items.includes('bad')) throw new Error('bad item');
    if (this.isAway) throw new Error('Connection terminated unexpectedly');
    return items.map((item) => `${item} written`);
  };

  async done(): Promise<void> {
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    for (const finish of this.finish.splice(0)) finish();
  }
}

describe('a group commit', () => {
  it('commits concurrent items in one group, and answers each of them', async () => {
    const disk = new Disk();
    const commit = new GroupCommit(disk.write);
    const results = Promise.all(['a', 'b'].map((item) => commit.add(item)));
    await disk.done();
    expect(await results).toEqual(['a written', 'b written']);
    expect(disk.groups).toEqual([['a', 'b']]);
  });

  it('writes items that arrive during a write as the next group', async () => {
    const disk = new Disk();
    const commit = new GroupCommit(disk.write);
    const first = commit.add('a');
    await new Promise(setImmediate);
    const later = Promise.all([commit.add('b'), commit.add('c')]);
    await disk.done();
    await first;
    await disk.done();
    await later;
    expect(disk.groups).toEqual([['a'], ['b', 'c']]);
  });

  it('writes the items of a failed group one by one, so that only the bad item fails', async () => {
    const disk = new Disk();
    const commit = new GroupCommit(disk.write);
    const results = Promise.allSettled(['a', 'bad', 'c'].map((item) => commit.add(item)));
    await disk.done();
    await disk.done();
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(disk.groups).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
  });

  it('writes no item again when the database was away, because it may have been committed', async () => {
    const disk = new Disk();
    disk.isAway = true;
    const commit = new GroupCommit(disk.write);
    const results = Promise.allSettled(['a', 'b'].map((item) => commit.add(item)));
    await disk.done();
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(disk.groups).toEqual([['a', 'b']]);
  });
});
