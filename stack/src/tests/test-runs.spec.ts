import { counted, sum, verdict } from './test-runs';

const allPassed = { passed: 3, failed: 0, skipped: 0 };

describe('the verdict on the test runs', () => {
  it('counts a jest run that failed without a failed test as a failure', () => {
    expect(counted(allPassed, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });

  it('counts a jest run that ended without a report as a failure', () => {
    expect(counted(undefined, null)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('sums up all runs', () => {
    const runs = [counted(allPassed, 0), { passed: 2, failed: 1, skipped: 0 }];
    expect(verdict(sum(runs))).toEqual({ line: '5 passed, 1 failed', ok: false });
  });

  it('states how many tests were skipped', () => {
    expect(verdict({ ...allPassed, skipped: 2 })).toEqual({ line: '3 passed, 0 failed, 2 skipped', ok: true });
  });

  it('is a failure when no test ran', () => {
    expect(verdict(sum([])).ok).toBe(false);
  });
});
