import { grownIn } from './flat';

const run = (mb: (n: number) => number) => Array.from({ length: 90 }, (_, n) => ({ orchestrator: mb(n), order: 150 }));

it('takes what rises at first and then breathes for flat', () => {
  expect(grownIn(run((n) => (n < 30 ? 100 + n : 150 + (n % 2) * 12)))).toEqual([]);
});

it('finds who grows by a little all the time', () => {
  expect(grownIn(run((n) => 120 + n))).toEqual([{ process: 'orchestrator', middleMb: 165, lastMb: 195 }]);
});

it('lets a small process grow by a few megabytes', () => {
  expect(grownIn(run((n) => 20 + n / 10))).toEqual([]);
});
