/*
 * Durations are counted in intervals that grow by a twelfth (2 to the power of 1/8), from one millisecond on. What is read
 * from them differs from the true duration by less than 5 %, and histograms are added interval by interval.
 */

/** How many durations each interval has, by its number; 0 is for less than a millisecond. */
export type Histogram = Readonly<Record<string, number>>;

const PER_DOUBLING = 8;

export function intervalOf(ms: number): number {
  return ms < 1 ? 0 : 1 + Math.floor(PER_DOUBLING * Math.log2(ms));
}

export function histogramOf(ms: number): Histogram {
  return { [intervalOf(ms)]: 1 };
}

/** The duration in milliseconds that this share of all does not exceed; undefined when there is none. */
export function quantile(histogram: Histogram, share: number): number | undefined {
  const counted = Object.entries(histogram)
    .map(([interval, count]) => ({ interval: Number(interval), count }))
    .toSorted((a, b) => a.interval - b.interval);
  const rank = Math.ceil(share * counted.reduce((sum, { count }) => sum + count, 0));
  let reached = 0;
  for (const { interval, count } of counted) {
    reached += count;
    if (reached >= rank) return middleOf(interval);
  }
  return undefined;
}

/** Halfway, on the scale of the intervals. */
function middleOf(interval: number): number {
  if (interval === 0) return 0;
  const ms = 2 ** ((interval - 0.5) / PER_DOUBLING);
  return ms < 100 ? Math.round(100 * ms) / 100 : Math.round(ms);
}
