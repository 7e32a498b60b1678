import type { LoadOptions } from './load';
import { thereAndBack } from './run-bench';
import { warmUpFor } from './turn';

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
