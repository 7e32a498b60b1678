import { lineProblem, MOST_LOG_CHARACTERS } from './health';
import { grown } from './memory';

describe('a log line', () => {
  it.each([
    ['control characters', 'text \u001b[2J'],
    ['control characters in its message', JSON.stringify({ level: 40, msg: 'forged\n{"level":60}' })],
    ['too many characters', JSON.stringify({ level: 40, msg: 'x'.repeat(MOST_LOG_CHARACTERS) })],
  ])('is a problem with %s', (_what, line) => {
    expect(lineProblem(line)).toBeDefined();
  });

  it('finds no problem in a stack trace of several lines', () => {
    expect(
      lineProblem(JSON.stringify({ level: 50, msg: 'it broke', err: { stack: 'Error\n    at a' } })),
    ).toBeUndefined();
  });
});

describe('memory', () => {
  it('reports a process that takes far more memory than after the first round, or too much', () => {
    expect(grown({ order: 150, payment: 150 }, { order: 420, payment: 160 })).toEqual([
      expect.stringContaining('order uses 420 MB'),
    ]);
    expect(grown({ order: 600 }, { order: 700 })).toHaveLength(1);
  });
});
