import { grownIn } from './memory-watch';

const run = (mb: (n: number) => number) => Array.from({ length: 90 }, (_, n) => ({ orchestrator: mb(n), order: 150 }));

it('the memory check accepts growth that levels off and then fluctuates', () => {
  expect(grownIn(run((n) => (n < 30 ? 100 + n : 150 + (n % 2) * 12)))).toEqual([]);
});

it('the memory check reports a process that grows steadily', () => {
  expect(grownIn(run((n) => 120 + n))).toEqual([{ process: 'orchestrator', middleMb: 165, lastMb: 195 }]);
});

it('the memory check allows a small process to grow by a few megabytes', () => {
  expect(grownIn(run((n) => 20 + n / 10))).toEqual([]);
});
