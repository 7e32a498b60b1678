import { durationsOf, heightsOf, outcomesOf } from '../src/charts/chart-series';

const statistics = {
  from: '2026-01-01T00:00:00.000Z',
  intervalSeconds: 60,
  series: [
    { at: '2026-01-01T00:00:00.000Z', started: 9, completed: 6, compensated: 2, paused: 1, p50: 40, p99: 1_500 },
    { at: '2026-01-01T00:01:00.000Z', started: 0, completed: 0, compensated: 0, paused: 0 },
  ],
};

it('stacks the outcomes of an interval, the completed ones at the bottom, and not what started', () => {
  const { series, edges } = outcomesOf(statistics);
  expect(series.map(({ label }) => label)).toEqual(['Paused', 'Compensated', 'Completed', 'Started']);
  expect(heightsOf(series)).toEqual([
    [9, 0],
    [8, 0],
    [6, 0],
    [9, 0],
  ]);
  expect(edges.map((edge) => edge - edges[0]!)).toEqual([0, 60, 120]);
});

it('leaves a gap in the durations where no saga ended', () => {
  const { series, text } = durationsOf(statistics);
  expect(heightsOf(series)).toEqual([
    [40, null],
    [1_500, null],
  ]);
  expect(text(1_500)).toBe('1.5 s');
});
