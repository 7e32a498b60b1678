import { count, sum, verdict } from './test-runs';

const allPassed = { numPassedTests: 3, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };

describe('The verdict on the test runs', () => {
  it('counts a suite that could not be loaded as a failure', () => {
    expect(count({ ...allPassed, numRuntimeErrorTestSuites: 2 }, 1)).toEqual({ passed: 3, failed: 2 });
  });

  it('counts a jest that failed without a failed test as a failure', () => {
    expect(count(allPassed, 1)).toEqual({ passed: 3, failed: 1 });
  });

  it('sums up all runs', () => {
    const runs = [count(allPassed, 0), { passed: 2, failed: 1 }];
    expect(verdict(sum(runs))).toEqual({ line: '5 passed, 1 failed', ok: false });
  });

  it('is bad when nothing ran', () => {
    expect(verdict(sum([])).ok).toBe(false);
  });
});
