import * as fc from 'fast-check';
import { durationOf, milliseconds, type Duration } from './duration';

describe('durations', () => {
  it.each<[Duration, number]>([
    ['200ms', 200],
    ['5s', 5_000],
    ['1.5s', 1_500],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('parses %s as %d milliseconds', (duration, length) => {
    expect(milliseconds(duration)).toBe(length);
  });

  it.each(['', '5', 's', '0s', '0.4ms', '-5s', '5 s', '5w', '1e3s', `${'9'.repeat(400)}d`])('rejects "%s"', (text) => {
    expect(() => milliseconds(text as Duration)).toThrow(`"${text}" is not a duration`);
  });

  it.each<[number, Duration]>([
    [200, '200ms'],
    [1_500, '1500ms'],
    [90_000, '90s'],
    [900_000, '15m'],
    [7_200_000, '2h'],
    [86_400_000, '1d'],
  ])('formats %d milliseconds as %s', (length, duration) => {
    expect(durationOf(length)).toBe(duration);
  });

  it('keeps its length when it is formatted and parsed again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (length) => {
        expect(milliseconds(durationOf(length))).toBe(length);
      }),
    );
  });
});
