import * as fc from 'fast-check';
import { constant, delayAfter, exponential, type Backoff } from './retry-policy';

const backoffs = fc.record({
  firstMs: fc.integer({ min: 2, max: 60_000 }),
  factor: fc.constantFrom(1, 2, 3),
  capMs: fc.integer({ min: 2, max: 600_000 }),
});
const attempts = fc.integer({ min: 1, max: 5_000 });

/** The backoff without its spread. */
const fullOf = ({ firstMs, factor, capMs }: Backoff, attempt: number): number =>
  Math.min(capMs, firstMs * factor ** (attempt - 1));

describe('a backoff', () => {
  it('never waits longer than its cap', () => {
    fc.assert(
      fc.property(backoffs, attempts, fc.string(), (backoff, attempt, seed) => {
        expect(delayAfter(backoff, attempt, seed)).toBeLessThanOrEqual(backoff.capMs);
      }),
    );
  });

  it('waits between half and all of its full length', () => {
    fc.assert(
      fc.property(backoffs, attempts, fc.string(), (backoff, attempt, seed) => {
        const share = delayAfter(backoff, attempt, seed) / fullOf(backoff, attempt);
        expect(share).toBeGreaterThanOrEqual(0.5);
        expect(share).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('waits the same for the same attempt of the same saga', () => {
    fc.assert(
      fc.property(backoffs, attempts, fc.string(), (backoff, attempt, seed) => {
        expect(delayAfter(backoff, attempt, seed)).toBe(delayAfter(backoff, attempt, seed));
      }),
    );
  });

  it('spreads sagas that failed together over the whole range', () => {
    const waits = Array.from({ length: 200 }, (_, saga) => delayAfter(constant('1s'), 1, `saga-${saga}`));
    const quarters = new Set(waits.map((wait) => Math.min(3, Math.floor((wait - 500) / 125))));
    expect(quarters).toEqual(new Set([0, 1, 2, 3]));
  });

  it('doubles when it is exponential', () => {
    expect(exponential('200ms', { cap: '1m' })).toEqual({ firstMs: 200, factor: 2, capMs: 60_000 });
  });

  it('is capped at ten seconds by default', () => {
    expect(exponential('200ms').capMs).toBe(10_000);
  });

  it('stays the same when it is constant', () => {
    expect(constant('3s')).toEqual({ firstMs: 3_000, factor: 1, capMs: 3_000 });
  });

  it('waits at least a millisecond', () => {
    expect(delayAfter(constant('1ms'), 1, '')).toBe(1);
  });
});
