import type { LoadOptions } from './load';
import { thereAndBack } from './run-bench';
import { warmUpFor } from './turn';

it.each([
  ['many are in flight for half of it, where few are to be measured', 1, [64, 1]],
  ['as many as are to be measured, where these are more', 256, [256, 256]],
])('A contender is warmed up: %s', async (_how, inFlight, expected) => {
  const loads: LoadOptions[] = [];
  const load = (options: LoadOptions) => {
    loads.push(options);
    return Promise.resolve({ sagas: 10 * loads.length, seconds: options.seconds, latenciesMs: [] });
  };
  expect(await warmUpFor(30, { load }, { inFlight, declined: 0.1, seconds: 6 })).toBe(30);
  expect(loads).toEqual(expected.map((each) => ({ inFlight: each, declined: 0.1, seconds: 15 })));
});

it('Nobody always has the turn after the same neighbour', () => {
  expect([1, 2, 3].map((round) => thereAndBack(round, ['a', 'b', 'c']).join(''))).toEqual(['abc', 'cba', 'abc']);
});
