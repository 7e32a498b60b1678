import { TailBudget, TailCache } from './tail-cache';

describe('the newest batches in memory', () => {
  it('do not keep the large request that a small one came in', () => {
    const cache = new TailCache(new TailBudget(1000, 1000));
    const request = Buffer.alloc(60_000_000);
    cache.add(0, 0, request.subarray(100, 200));
    const [batch] = cache.read(0, 1, 1000)!;
    expect(batch!.length).toBe(100);
    expect(batch!.buffer.byteLength).toBeLessThan(20_000);
  });

  it('are not copied when they are about as large as what they came in', () => {
    const cache = new TailCache(new TailBudget(1_000_000, 1_000_000));
    const request = Buffer.alloc(100_000);
    cache.add(0, 0, request.subarray(100));
    expect(cache.read(0, 1, 1000)![0]!.buffer).toBe(request.buffer);
  });
});
