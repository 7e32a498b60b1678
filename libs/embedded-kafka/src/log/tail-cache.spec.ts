import { TailBudget, TailCache } from './tail-cache';

describe('the newest batches in memory', () => {
  it('does not keep a large request in memory for a small batch', () => {
    const cache = new TailCache(new TailBudget(1000, 1000));
    const request = Buffer.alloc(60_000_000);
    cache.add(0, 0, request.subarray(100, 200));
    const [batch] = cache.read(0, 1, 1000)!;
    expect(batch!.length).toBe(100);
    expect(batch!.buffer.byteLength).toBeLessThan(20_000);
  });

  it('does not copy a batch that is almost as large as its request', () => {
    const cache = new TailCache(new TailBudget(1_000_000, 1_000_000));
    const request = Buffer.alloc(100_000);
    cache.add(0, 0, request.subarray(100));
    expect(cache.read(0, 1, 1000)![0]!.buffer).toBe(request.buffer);
  });
});
