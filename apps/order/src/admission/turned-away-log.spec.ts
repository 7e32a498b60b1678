import { Logger } from '@nestjs/common';
import { TurnedAwayLog } from './turned-away-log';

describe('the log of turned-away orders', () => {
  let lines: string[];

  beforeEach(() => {
    jest.useFakeTimers();
    lines = [];
    for (const level of ['warn', 'log'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation((...said: unknown[]) => void lines.push(String(said[0])));
    }
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('logs the first turned-away order, a count every ten seconds, and the return to normal', () => {
    const turnedAway = new TurnedAwayLog();
    for (let n = 0; n < 1_000; n += 1) turnedAway.add('5 are PENDING');
    expect(lines).toEqual(['Orders are turned away: 5 are PENDING.']);
    jest.advanceTimersByTime(10_000);
    turnedAway.add('5 are PENDING');
    jest.advanceTimersByTime(10_000);
    expect(lines.slice(1)).toEqual([
      'Turned away 1000 orders within 10 s: 5 are PENDING.',
      'Turned away 1 orders within 10 s: 5 are PENDING.',
    ]);
    expect(turnedAway.state).toMatch(/since .*: 5 are PENDING$/);
    jest.advanceTimersByTime(10_000);
    expect(lines.slice(3)).toEqual(['Orders are accepted again.']);
    expect(turnedAway.state).toBeUndefined();
    jest.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(4);
  });
});
