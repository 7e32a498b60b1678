import * as fc from 'fast-check';
import { sumOf } from './counts';
import { histogramOf, quantile, type Histogram } from './histogram';

const durations = fc.array(fc.integer({ min: 1, max: 30 * 86_400_000 }), { minLength: 1, maxLength: 50 });

function histogram(all: readonly number[]): Histogram {
  return sumOf(all.map((ms) => ({ took: histogramOf(ms) }))).took ?? {};
}

it('tells every quantile within 5 %', () => {
  fc.assert(
    fc.property(durations, fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1), (all, share) => {
      const exact = all.toSorted((a, b) => a - b)[Math.ceil(share * all.length) - 1]!;
      const told = quantile(histogram(all), share)!;
      expect(Math.abs(told - exact)).toBeLessThanOrEqual(0.05 * exact);
    }),
  );
});

it('has a quantile of what took less than a millisecond, and none of nothing', () => {
  expect(quantile(histogram([0, 0, 0]), 0.99)).toBe(0);
  expect(quantile({}, 0.5)).toBeUndefined();
});
