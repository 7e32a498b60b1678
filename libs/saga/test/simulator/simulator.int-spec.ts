import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadMutated } from '../seeded-bugs/mutated';
import { SEEDED_BUGS } from '../seeded-bugs/seeded-bugs';
import { runAll } from './campaign';
import { coverageOf } from './coverage';
import { run } from './run';
import { tapeOf } from './tape';

const SEED = 20_261_121;
const SCHEDULES = 2_000;

describe('a simulation', () => {
  it('keeps every promise under all injected faults', () => {
    const { broken, events, occurred } = runAll({ seed: SEED, from: 0, to: SCHEDULES });
    expect(broken).toEqual([]);
    // Without events no fault could have an effect.
    expect(events).toBeGreaterThan(10 * SCHEDULES);
    expect(coverageOf(occurred).surprising).toEqual([]);
  });

  it('produces the same journal for the same tape', () => {
    const story = (): readonly string[] => run(tapeOf(SEED, 1), true).journal.lines;
    expect(story()).toEqual(story());
    expect(story().length).toBeGreaterThan(50);
  });

  it('produces the same journal for the numbers that were chosen', () => {
    const { tape, journal } = run(tapeOf(SEED, 2), true);
    expect(run(tape, true).journal.lines).toEqual(journal.lines);
  });
});

/** Tapes that found a bug, with the bug as it is seeded today. */
const tapes = readdirSync(join(__dirname, 'tapes')).map((file) => {
  const { bug, tape } = JSON.parse(readFileSync(join(__dirname, 'tapes', file), 'utf8')) as {
    bug: string;
    tape: number[];
  };
  return { file, bug, tape };
});

describe.each(tapes)('the tape $file', ({ bug, tape }) => {
  it('keeps every promise on a recorded tape with the current code', () => {
    expect(run(tape).broken).toBeUndefined();
  });

  it('finds the bug of a recorded tape again when it is seeded', () => {
    const changes = SEEDED_BUGS.find((seeded) => seeded.bug === bug)?.changes ?? [];
    const withBug = loadMutated('test/simulator/run', changes) as { run: typeof run };
    expect(withBug.run(tape).broken).toBeDefined();
  });
});
