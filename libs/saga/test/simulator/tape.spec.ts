import { Tape, tapeOf } from './tape';

describe('a tape', () => {
  it('returns its numbers within the range of each choice', () => {
    const tape = new Tape([7, 2, 9]);
    expect([tape.choose(3), tape.choose(3), tape.choose(10)]).toEqual([1, 2, 9]);
  });

  it('returns zeros after its end', () => {
    const tape = new Tape([1]);
    expect([tape.isOver, tape.choose(2), tape.isOver, tape.choose(2)]).toEqual([false, 1, true, 0]);
  });

  it('records its choices, which form an equivalent tape', () => {
    const tape = new Tape([1_000_003, 12]);
    const chosen = [tape.choose(10), tape.choose(5)];
    const again = new Tape(tape.chosen);
    expect([again.choose(10), again.choose(5)]).toEqual(chosen);
  });

  it('derives a tape from the seed and the schedule alone', () => {
    expect(tapeOf(1, 5)).toEqual(tapeOf(1, 5));
    expect(tapeOf(1, 5)).not.toEqual(tapeOf(1, 6));
    expect(tapeOf(1, 5)).not.toEqual(tapeOf(2, 5));
  });
});
