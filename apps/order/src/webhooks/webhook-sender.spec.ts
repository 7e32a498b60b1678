import * as fc from 'fast-check';
import { backoffMs } from './webhook-sender';

describe('the wait before the next attempt', () => {
  it('doubles the wait with each attempt, up to an hour', () => {
    const waits = [1, 2, 3, 4, 20, 1_000].map((attempts) => backoffMs(attempts, 5_000, 1));
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 3_600_000, 3_600_000]);
  });

  it('waits as long as the target requests, up to an hour, and never less than the backoff', () => {
    const waits = [0, 20_000, 7_200_000].map((askedMs) => backoffMs(2, 5_000, 1, askedMs));
    expect(waits).toEqual([10_000, 20_000, 3_600_000]);
  });

  it('randomizes the wait between half and all of the backoff', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, random) => {
        const whole = backoffMs(attempts, 5_000, 1);
        const wait = backoffMs(attempts, 5_000, random);
        return wait >= Math.floor(whole / 2) && wait <= whole;
      }),
    );
  });
});
