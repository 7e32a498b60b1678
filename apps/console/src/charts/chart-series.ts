import type { Admin } from '../api/schemas';
import { durationText } from '../parts/duration-text';
import { count } from '../parts/wording';

/** One line, or one colour of stacked bars. */
export interface ChartSeries {
  readonly label: string;
  /** A CSS variable. */
  readonly color: `--${string}`;
  /** Steps reach over their whole interval; points stand at its beginning. */
  readonly look: 'bars' | 'steps' | 'points';
  /** For each interval; null where there is nothing to say. */
  readonly values: readonly (number | null)[];
}

export interface ChartData {
  /** When each interval begins, in seconds since 1970; the last one is the end of the last interval. */
  readonly edges: readonly number[];
  /** In the order in which they are drawn. Bars are stacked, the first on top. */
  readonly series: readonly ChartSeries[];
  readonly text: (value: number) => string;
  /** Whether there are no values between whole numbers. */
  readonly areWhole: boolean;
}

type Statistics = Pick<Admin['StatisticsView'], 'from' | 'intervalSeconds' | 'series'>;

function edgesOf({ series, from, intervalSeconds }: Statistics): number[] {
  const first = Date.parse(from) / 1_000;
  return Array.from({ length: series.length + 1 }, (_, index) => first + index * intervalSeconds);
}

/** What became of sagas in each interval, stacked, and how many started. */
export function outcomesOf(statistics: Statistics): ChartData {
  const all = (of: 'started' | 'completed' | 'compensated' | 'paused') => statistics.series.map((point) => point[of]);
  return {
    edges: edgesOf(statistics),
    series: [
      { label: 'Paused', color: '--state-paused', look: 'bars', values: all('paused') },
      { label: 'Compensated', color: '--state-compensating', look: 'bars', values: all('compensated') },
      { label: 'Completed', color: '--state-completed', look: 'bars', values: all('completed') },
      { label: 'Started', color: '--state-running', look: 'steps', values: all('started') },
    ],
    text: count,
    areWhole: true,
  };
}

/** How long the sagas took that ended in each interval. */
export function durationsOf(statistics: Statistics): ChartData {
  const all = (of: 'p50' | 'p99') => statistics.series.map((point) => point[of] ?? null);
  return {
    edges: edgesOf(statistics),
    series: [
      { label: 'p50', color: '--state-running', look: 'points', values: all('p50') },
      { label: 'p99', color: '--state-held', look: 'points', values: all('p99') },
    ],
    text: durationText,
    areWhole: false,
  };
}

/** The heights to draw: those of bars reach over all bars below them, which are drawn later. */
export function heightsOf(series: readonly ChartSeries[]): (number | null)[][] {
  return series.map(({ look, values }, index) => {
    if (look !== 'bars') return [...values];
    const stack = series.slice(index).filter((each) => each.look === 'bars');
    return values.map((_, at) => stack.reduce((sum, each) => sum + (each.values[at] ?? 0), 0));
  });
}
