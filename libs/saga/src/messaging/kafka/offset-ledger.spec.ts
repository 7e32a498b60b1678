import { ReadSoFar } from './offset-ledger';

describe('the log of a partition', () => {
  it('is reported as complete when it grows or stays the same', () => {
    const read = new ReadSoFar();
    read.record('t', 0, '9');
    expect(read.lost('t', 0, '10')).toBeUndefined();
    expect(read.lost('t', 0, '11')).toBeUndefined();
  });

  it('is reported once as truncated when it ends before the last message that was read', () => {
    const read = new ReadSoFar();
    read.record('t', 0, '9');
    expect(read.lost('t', 0, '3')).toBe(10);
    expect(read.lost('t', 0, '3')).toBeUndefined();
  });

  it('is compared only with the reads of the same partition', () => {
    const read = new ReadSoFar();
    read.record('t', 0, '9');
    expect(read.lost('t', 1, '3')).toBeUndefined();
    expect(read.lost('u', 0, '3')).toBeUndefined();
  });

  it('is compared again after a loss was reported', () => {
    const read = new ReadSoFar();
    read.record('t', 0, '9');
    read.lost('t', 0, '3');
    read.record('t', 0, '2');
    expect(read.lost('t', 0, '3')).toBeUndefined();
    expect(read.lost('t', 0, '1')).toBe(3);
  });
});
