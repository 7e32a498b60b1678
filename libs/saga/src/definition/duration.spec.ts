import { milliseconds, type Duration } from './duration';

describe('a duration', () => {
  it.each<[Duration, number]>([
    ['200ms', 200],
    ['5s', 5_000],
    ['1.5s', 1_500],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('%s is %d milliseconds', (duration, length) => {
    expect(milliseconds(duration)).toBe(length);
  });

  it.each(['', '5', 's', '0s', '0.4ms', '-5s', '5 s', '5w', '1e3s', `${'9'.repeat(400)}d`])('is not "%s"', (text) => {
    expect(() => milliseconds(text as Duration)).toThrow(`"${text}" is no duration`);
  });
});
