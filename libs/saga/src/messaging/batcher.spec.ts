import { Gate } from '../../test/gate';
import { Batcher } from './batcher';

class Flushes {
  readonly batches: (readonly number[])[] = [];
  readonly ends: Gate[] = [];
  readonly begin = (items: readonly number[]): Promise<void> => {
    const end = new Gate();
    this.batches.push(items);
    this.ends.push(end);
    return end.opened;
  };
}

const macrotask = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('a batcher', () => {
  it('collects all items of one macrotask into one batch', async () => {
    const flushes = new Flushes();
    const batcher = new Batcher(flushes.begin);
    const added = [batcher.add([1, 2]), batcher.add([3])];
    await macrotask();
    flushes.ends[0]?.open();
    await Promise.all(added);
    expect(flushes.batches).toEqual([[1, 2, 3]]);
  });

  it('never runs two batches at once, and collects items meanwhile', async () => {
    const flushes = new Flushes();
    const batcher = new Batcher(flushes.begin);
    const first = batcher.add([1]);
    await macrotask();
    const later = [batcher.add([2]), batcher.add([3])];
    await macrotask();
    expect(flushes.batches).toEqual([[1]]);
    flushes.ends[0]?.open();
    await first;
    await macrotask();
    expect(flushes.batches).toEqual([[1], [2, 3]]);
    flushes.ends[1]?.open();
    await Promise.all(later);
  });

  it('keeps a batch within the limit, in order, without splitting items that were added together', async () => {
    const batches: (readonly number[])[] = [];
    const batcher = new Batcher<number>(async (items) => void batches.push(items), 3);
    await Promise.all([batcher.add([1, 2]), batcher.add([3, 4]), batcher.add([5])]);
    expect(batches).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
  });

  it('splits items that exceed the limit by themselves', async () => {
    const batches: (readonly number[])[] = [];
    const batcher = new Batcher<number>(async (items) => void batches.push(items), 2);
    await batcher.add([1, 2, 3, 4, 5]);
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('rejects only for the callers whose batch failed', async () => {
    const batcher = new Batcher<number>(async ([first]) => {
      if (first === 1) throw new Error('the database is away');
    }, 1);
    const [first, second] = await Promise.allSettled([batcher.add([1]), batcher.add([2])]);
    expect(first).toMatchObject({ status: 'rejected', reason: new Error('the database is away') });
    expect(second).toMatchObject({ status: 'fulfilled' });
  });

  it('continues after a batch that failed', async () => {
    let failures = 1;
    const batcher = new Batcher<number>(async () => {
      if ((failures -= 1) >= 0) throw new Error('away');
    });
    await expect(batcher.add([1])).rejects.toThrow('away');
    await expect(batcher.add([1])).resolves.toBeUndefined();
  });

  it('resolves at once for no items', async () => {
    await expect(new Batcher(() => Promise.reject(new Error('no'))).add([])).resolves.toBeUndefined();
  });
});
