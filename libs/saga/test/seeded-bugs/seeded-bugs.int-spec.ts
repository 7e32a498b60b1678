import type { Broken, Findings, Range } from '../simulator/campaign';
import { loadMutated, type Change } from './mutated';
import { SEEDED_BUGS, type SeededBug } from './seeded-bugs';

const SEED = 1;
const MOST_SCHEDULES = 4_000;
const AT_A_TIME = 50;

interface Campaign {
  runAll(range: Range): Findings;
}

/** Returns the promises that the schedules break with these changes, in order. */
function* violations(changes: readonly Change[]): Generator<Broken> {
  const { runAll } = loadMutated('test/simulator/campaign', changes) as Campaign;
  for (let from = 0; from < MOST_SCHEDULES; from += AT_A_TIME)
    yield* runAll({ seed: SEED, from, to: from + AT_A_TIME }).broken;
}

function breaks({ breaks: { violation }, changes }: SeededBug): boolean {
  for (const { promise } of violations(changes)) if (violation.test(promise)) return true;
  return false;
}

describe('the simulator', () => {
  it.each(SEEDED_BUGS)('finds that “$breaks.promise” is broken when $bug', (seeded) => {
    expect(breaks(seeded)).toBe(true);
  });

  it('finds no violation without a seeded bug', () => {
    expect([...violations([])]).toEqual([]);
  });
});
