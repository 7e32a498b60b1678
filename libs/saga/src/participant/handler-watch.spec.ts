import { setImmediate as macrotask } from 'node:timers/promises';
import { CHECK_EVERY_MS, HandlerTimeoutError, HandlerWatch, SharedTransactionSlowError } from './handler-watch';

let now: number;
let watch: HandlerWatch;

beforeEach(() => {
  now = 0;
  watch = new HandlerWatch(() => now);
});

/** Advances the time in the steps in which the watch is called. */
function pass(ms: number): void {
  for (let passed = 0; passed < ms; passed += CHECK_EVERY_MS) {
    now += CHECK_EVERY_MS;
    watch.check();
  }
}

const never = (): Promise<never> => new Promise(() => undefined);
const slow = (timeoutMs = 4_000): { name: string; timeoutMs: number } => ({ name: 'shop.act of saga s', timeoutMs });

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true;
  promise.catch(() => undefined).finally(() => (pending = false));
  await macrotask();
  return pending;
}

describe('a handler', () => {
  it('is waited for until its time limit', async () => {
    const result = watch.within(slow(), never);
    pass(3_950);
    expect(await isPending(result)).toBe(true);
    pass(50);
    await expect(result).rejects.toThrow(
      'The handler of shop.act of saga s had not ended after 4s; its transaction was rolled back.',
    );
    expect(watch.running()).toEqual([]);
  });

  it('has less time after a transaction that was rolled back', async () => {
    const result = watch.within(slow(), never, 1_000);
    pass(3_000);
    await expect(result).rejects.toBeInstanceOf(HandlerTimeoutError);
  });

  it('may take any time when it has no limit', async () => {
    const result = watch.within(slow(Number.POSITIVE_INFINITY), never);
    pass(500_000);
    expect(await isPending(result)).toBe(true);
  });

  it('is not charged with the time for which the process stood still', async () => {
    const result = watch.within(slow(), never);
    pass(2_000);
    now += 60_000;
    watch.check();
    pass(1_950);
    expect(await isPending(result)).toBe(true);
    pass(100);
    await expect(result).rejects.toBeInstanceOf(HandlerTimeoutError);
  });

  it('gives its own result or error when it ends in time', async () => {
    expect(await watch.within(slow(), async () => 7)).toBe(7);
    await expect(watch.within(slow(), () => Promise.reject(new Error('no lamp')))).rejects.toThrow('no lamp');
    expect(watch.running()).toEqual([]);
  });

  it('is slow once it has run for a tenth of a second', () => {
    void watch.within(slow(), never);
    pass(50);
    expect(watch.isSlow()).toBe(false);
    pass(50);
    expect(watch.isSlow()).toBe(true);
    expect(watch.running()).toEqual([{ name: 'shop.act of saga s', isLock: false, ranMs: 100 }]);
  });
});

describe('a shared transaction', () => {
  let answers: number;

  beforeEach(() => (answers = 0));

  const together = (timeoutMs?: number): Promise<unknown> =>
    watch.together(
      [slow(timeoutMs)],
      (each) => each(slow(timeoutMs), never),
      () => answers,
    );

  it('is rolled back when neither the database nor a handler shows progress for a second', async () => {
    const result = together();
    pass(1_000);
    expect(await isPending(result)).toBe(true);
    pass(50);
    await expect(result).rejects.toBeInstanceOf(SharedTransactionSlowError);
  });

  it('continues while the database answers, for half of the time that its handlers have', async () => {
    const result = together();
    for (let looks = 0; looks < 39; looks += 1, answers += 1) pass(50);
    expect(await isPending(result)).toBe(true);
    pass(50);
    await expect(result).rejects.toBeInstanceOf(SharedTransactionSlowError);
  });

  it('continues for as long as the database answers when its handlers have no limit', async () => {
    const result = together(Number.POSITIVE_INFINITY);
    for (let looks = 0; looks < 1_000; looks += 1, answers += 1) pass(50);
    expect(await isPending(result)).toBe(true);
  });

  it('is rolled back after a quarter of its handlers’ time when that is less than a second', async () => {
    const result = together(400);
    pass(150);
    await expect(result).rejects.toBeInstanceOf(SharedTransactionSlowError);
  });
});
