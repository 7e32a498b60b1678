import { ReadSoFar } from './read-so-far';

describe('a log', () => {
  it('that grows, or stands, has lost nothing', () => {
    const read = new ReadSoFar();
    read.record('t', 0, '9');
    expect(read.lost('t', 0, '10')).toBeUndefined();
    expect(read.lost('t', 0, '11')).toBeUndefined();
  });

  it('that ends before what was read of it has lost messages, which is told once', () => {
    const read = new ReadSoFar();
    read.record('t', 0, '9');
    expect(read.lost('t', 0, '3')).toBe(10);
    expect(read.lost('t', 0, '3')).toBeUndefined();
  });

  it('is compared with what was read of it, and of no other partition', () => {
    const read = new ReadSoFar();
    read.record('t', 0, '9');
    expect(read.lost('t', 1, '3')).toBeUndefined();
    expect(read.lost('u', 0, '3')).toBeUndefined();
  });

  it('that was lost is read anew, and compared anew', () => {
    const read = new ReadSoFar();
    read.record('t', 0, '9');
    read.lost('t', 0, '3');
    read.record('t', 0, '2');
    expect(read.lost('t', 0, '3')).toBeUndefined();
    expect(read.lost('t', 0, '1')).toBe(3);
  });
});
