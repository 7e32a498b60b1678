import { FLOOR } from './floor/contender';
import { GRAPHILE } from './graphile/contender';
import { report, summarise } from './report';
import type { TurnResult } from './turn';

it('the bench report takes medians over the rounds', () => {
  const turns = [150, 500, 200].map((sagasPerSecond) => turn({ sagasPerSecond }));
  expect(summarise(turns)).toEqual([expect.objectContaining({ sagasPerSecond: 200, slowest: 150, fastest: 500 })]);
});

it('the bench report compares targets of the same round and load before it takes the median', () => {
  // The ratio of the medians of CPU would be 6.
  const paces = [1, 3, 1.2];
  const turns = paces.flatMap((pace, round) => [
    turn({ contender: FLOOR, cpuMsPerSaga: 0.5 * pace }),
    turn({ contender: FLOOR, inFlight: 1, cpuMsPerSaga: 5 }),
    turn({ contender: GRAPHILE, sagasPerSecond: 100 / pace }),
    turn({ sagasPerSecond: (200 + round) / pace, cpuMsPerSaga: (1 + round) * pace }),
  ]);
  const summary = summarise(turns).find(({ contender }) => contender === 'palinode');
  expect(summary?.timesFloorCpu).toBeCloseTo(4);
  expect(summary?.timesGraphile).toBeCloseTo(2.01);
});

it('the bench report leaves a ratio out when the other target was not measured', () => {
  const [summary] = summarise([turn({})]);
  expect(summary?.timesFloorCpu).toBeUndefined();
});

it('the bench report prints a row for each target', () => {
  const lines = report(summarise([turn({}), turn({ contender: FLOOR })]), 'a machine').split('\n');
  expect(lines[0]).toBe('a machine');
  expect(lines.slice(4).map((line) => line.split(' | ')[0])).toEqual(['| palinode', '| floor']);
});

function turn(result: Partial<TurnResult>): TurnResult {
  return {
    contender: 'palinode',
    inFlight: 64,
    declined: 0,
    sagas: 1_000,
    sagasPerSecond: 100,
    p50Ms: 10,
    p95Ms: 15,
    p99Ms: 20,
    cpuMsPerSaga: 1,
    cpuByProcess: { postgres: 1 },
    postgresPerSaga: { commits: 1, walBytes: 1_000, fsyncs: 1 },
    stolenPercent: 0,
    broken: [],
    ...result,
  };
}
