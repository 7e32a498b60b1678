import { getEventListeners } from 'node:events';
import { withTimeout } from './with-timeout';

const reasonOf = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    signal.addEventListener('abort', () => resolve(signal.reason));
  });

describe('work with a time-out', () => {
  it('aborts with a TimeoutError when the time limit is reached', async () => {
    expect(await withTimeout(1, new AbortController().signal, reasonOf)).toMatchObject({ name: 'TimeoutError' });
  });

  it.each(['before it begins', 'while it runs'])('aborts with the outer reason when that aborts %s', async (when) => {
    const outer = new AbortController();
    if (when === 'before it begins') outer.abort('stopping');
    const reason = withTimeout(600_000, outer.signal, reasonOf);
    outer.abort('stopping');
    expect(await reason).toBe('stopping');
  });

  it('leaves no timer and no listener behind, however the work ends', async () => {
    const outer = new AbortController().signal;
    const timers = (): number => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
    const before = timers();
    expect(await withTimeout(600_000, outer, async () => 'done')).toBe('done');
    await expect(withTimeout(600_000, outer, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(getEventListeners(outer, 'abort')).toEqual([]);
    expect(timers()).toBe(before);
  });
});
