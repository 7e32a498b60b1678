import { Tape, tapeOf } from './tape';

describe('a tape', () => {
  it('gives what is on it, within what there is to choose from', () => {
    const tape = new Tape([7, 2, 9]);
    expect([tape.choose(3), tape.choose(3), tape.choose(10)]).toEqual([1, 2, 9]);
  });

  it('gives zeros when it is over', () => {
    const tape = new Tape([1]);
    expect([tape.isOver, tape.choose(2), tape.isOver, tape.choose(2)]).toEqual([false, 1, true, 0]);
  });

  it('keeps what was chosen, which is the same tape', () => {
    const tape = new Tape([1_000_003, 12]);
    const chosen = [tape.choose(10), tape.choose(5)];
    const again = new Tape(tape.chosen);
    expect([again.choose(10), again.choose(5)]).toEqual(chosen);
  });

  it('follows from seed and schedule alone', () => {
    expect(tapeOf(1, 5)).toEqual(tapeOf(1, 5));
    expect(tapeOf(1, 5)).not.toEqual(tapeOf(1, 6));
    expect(tapeOf(1, 5)).not.toEqual(tapeOf(2, 5));
  });
});
