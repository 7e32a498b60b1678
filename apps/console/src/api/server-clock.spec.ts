import { aheadBy, readClock, serverTime } from './server-clock';

const NOON = Date.UTC(2026, 0, 1, 12);

describe('the clock of the server', () => {
  it.each([
    ['is the same', NOON, 0],
    ['differs by less than an answer may take', NOON + 4_000, 0],
    ['is five hours behind', NOON + 5 * 3_600_000, -5 * 3_600_000],
    ['is a minute ahead', NOON - 60_000, 60_000],
  ])('%s', (_, now, ahead) => {
    expect(aheadBy('Thu, 01 Jan 2026 12:00:00 GMT', now)).toBe(ahead);
  });

  it.each([null, 'yesterday'])('is taken to be right when an answer says %s', (date) => {
    expect(aheadBy(date, NOON)).toBe(0);
  });

  it('is read from each answer', () => {
    readClock(new Response(null, { headers: { date: 'Thu, 01 Jan 2026 12:00:00 GMT' } }));
    expect(Math.abs(serverTime() - NOON)).toBeLessThan(60_000);
    readClock(new Response());
    expect(Math.abs(serverTime() - Date.now())).toBeLessThan(60_000);
  });
});
