import { ConsumerHealth } from './consumer-health';

describe('the health of a consumer', () => {
  let now = 0;
  let health: ConsumerHealth;

  beforeEach(() => {
    health = new ConsumerHealth(() => now);
  });

  const crash = (): void => {
    health.joined();
    now += 100;
    health.crashed('a batch');
  };

  it('is good once it has joined, and again after one crash', () => {
    expect(health.problem()).toContain('has not joined');
    crash();
    expect(health.problem()).toBe('failed: a batch');
    health.joined();
    expect(health.problem()).toBeUndefined();
  });

  it('stays bad while a consumer joins and crashes repeatedly', () => {
    crash();
    for (let n = 0; n < 20; n += 1) {
      crash();
      health.joined();
      expect(health.problem()).toBe('failed: a batch');
    }
    now += 3_000;
    expect(health.problem()).toBeUndefined();
  });

  it('is good at once after the broker was away for long', () => {
    health.joined();
    now += 60_000;
    for (let n = 0; n < 20; n += 1) health.crashed('no broker');
    expect(health.problem()).toBe('failed: no broker');
    health.joined();
    expect(health.problem()).toBeUndefined();
  });

  it('makes a consumer wait from its second consecutive crash on', async () => {
    const aborted = AbortSignal.abort();
    const timers = jest.spyOn(globalThis, 'setTimeout');
    crash();
    await health.backoff(aborted);
    expect(timers).not.toHaveBeenCalled();
    crash();
    const stopping = new AbortController();
    const waiting = health.backoff(stopping.signal);
    expect(timers).toHaveBeenCalledWith(expect.any(Function), 100);
    stopping.abort();
    await waiting;
    timers.mockRestore();
  });
});
