import { CommitTimes } from './commit-times';

/** Times of commits that take as long as they are told to. */
function commitTimes(): { times: CommitTimes; pass: (ms: number) => void; commit: (ms: number) => Promise<void> } {
  let now = 0;
  const pass = (ms: number): void => void (now += ms);
  const times = new CommitTimes(() => now);
  return { times, pass, commit: (ms) => times.measure(async () => pass(ms)) };
}

describe('the times of commits', () => {
  it('has no median before the first commit', () => {
    expect(commitTimes().times.medianMs()).toBeUndefined();
  });

  it('tells the median, which one slow commit does not change', async () => {
    const { times, commit } = commitTimes();
    for (const ms of [3, 4, 5_000, 2, 5]) await commit(ms);
    expect(times.medianMs()).toBe(4);
  });

  it('follows a disk that becomes slow and recovers, within 50 commits', async () => {
    const { times, commit } = commitTimes();
    for (let n = 0; n < 100; n += 1) await commit(2);
    for (let n = 0; n < 26; n += 1) await commit(120);
    expect(times.medianMs()).toBe(120);
    for (let n = 0; n < 26; n += 1) await commit(2);
    expect(times.medianMs()).toBe(2);
  });

  it('forgets commits after a minute', async () => {
    const { times, commit, pass } = commitTimes();
    await commit(120);
    pass(60_001);
    expect(times.medianMs()).toBeUndefined();
  });

  it('does not count a commit that fails', async () => {
    const { times } = commitTimes();
    await expect(times.measure(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(times.medianMs()).toBeUndefined();
  });
});
