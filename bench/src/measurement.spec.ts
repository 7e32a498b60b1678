import { measurementOf } from '../test/measurement';
import { summarise, warmUpFor } from './measurement';
import { thereAndBack, throughputTable } from './subcommands/throughput';
import type { LoadOptions } from './targets/load';
import { FLOOR, GRAPHILE } from './targets/one-process';

it('the bench report takes medians over the rounds', () => {
  const rounds = [150, 500, 200].map((sagasPerSecond) => measurementOf({ sagasPerSecond }));
  expect(summarise(rounds)).toEqual([expect.objectContaining({ sagasPerSecond: 200, slowest: 150, fastest: 500 })]);
});

it('the bench report compares targets of the same round and load before it takes the median', () => {
  // The ratio of the medians of CPU would be 6.
  const paces = [1, 3, 1.2];
  const rounds = paces.flatMap((pace, round) => [
    measurementOf({ target: FLOOR, cpuMsPerSaga: 0.5 * pace }),
    measurementOf({ target: FLOOR, inFlight: 1, cpuMsPerSaga: 5 }),
    measurementOf({ target: GRAPHILE, sagasPerSecond: 100 / pace }),
    measurementOf({ sagasPerSecond: (200 + round) / pace, cpuMsPerSaga: (1 + round) * pace }),
  ]);
  const summary = summarise(rounds).find(({ target }) => target === 'palinode');
  expect(summary?.timesFloorCpu).toBeCloseTo(4);
  expect(summary?.timesGraphile).toBeCloseTo(2.01);
});

it('the bench report leaves a ratio out when the other target was not measured', () => {
  const [summary] = summarise([measurementOf({})]);
  expect(summary?.timesFloorCpu).toBeUndefined();
});

it('the bench report prints a row for each target', () => {
  const lines = throughputTable(summarise([measurementOf({}), measurementOf({ target: FLOOR })])).split('\n');
  expect(lines.slice(2).map((line) => line.split(' | ')[0])).toEqual(['| palinode', '| floor']);
});

it.each([
  ['many sagas in flight for half of the time when few are measured', 1, [64, 1]],
  ['as many sagas in flight as are measured when these are more', 256, [256, 256]],
])('a target is warmed up with %s', async (_how, inFlight, expected) => {
  const loads: LoadOptions[] = [];
  const load = (options: LoadOptions) => {
    loads.push(options);
    return Promise.resolve({ sagas: 10 * loads.length, seconds: options.seconds, latenciesMs: [] });
  };
  expect(await warmUpFor(30, { load }, { inFlight, declined: 0.1, seconds: 6 })).toBe(30);
  expect(loads).toEqual(expected.map((each) => ({ inFlight: each, declined: 0.1, seconds: 15 })));
});

it('the order of the targets is reversed in every second round', () => {
  expect([1, 2, 3].map((round) => thereAndBack(round, ['a', 'b', 'c']).join(''))).toEqual(['abc', 'cba', 'abc']);
});
