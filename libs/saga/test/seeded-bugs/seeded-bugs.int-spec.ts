import type { Findings, Range } from '../simulator/campaign';
import { loadMutated } from './mutated';
import { SEEDED_BUGS, type SeededBug } from './seeded-bugs';

jest.setTimeout(600_000);

const SEED = 1;
const MOST_SCHEDULES = 4_000;
const AT_A_TIME = 50;

interface Campaign {
  runAll(range: Range): Findings;
}

/** The first schedule that breaks a promise with this bug, and which; undefined when none does. */
function caught({ changes }: SeededBug): { schedule: number; promise: string } | undefined {
  const { runAll } = loadMutated('test/simulator/campaign', changes) as Campaign;
  for (let from = 0; from < MOST_SCHEDULES; from += AT_A_TIME) {
    const [first] = runAll({ seed: SEED, from, to: from + AT_A_TIME }).broken;
    if (first) return first;
  }
  return undefined;
}

const kills = new Map<string, number>();

afterAll(() => {
  const lines = [...kills].map(([bug, schedule]) => `${String(schedule).padStart(6)}  ${bug}`);
  console.log(
    `${kills.size} of ${SEEDED_BUGS.length} seeded bugs were caught, each in the schedule:\n${lines.join('\n')}`,
  );
});

describe('the simulator catches', () => {
  it.each(SEEDED_BUGS)('$bug', (seeded) => {
    const first = caught(seeded);
    expect(first?.promise).toBeDefined();
    kills.set(`${seeded.bug}: ${first?.promise}`, first?.schedule ?? 0);
  });

  it('nothing, when nothing is wrong', () => {
    expect(caught({ bug: 'none', changes: [] })).toBeUndefined();
  });
});
