import { lowestIdAt } from '../contract';
import { isRemembered } from './retention';

const DAY_MS = 86_400_000;
const now = Date.parse('2026-11-21T12:00:00Z');
const idAt = (days: number): string => lowestIdAt(now + days * DAY_MS);

describe('the memory of an inbox of eight days', () => {
  it.each([-6.9, -1, 0, 0.9])('knows a message made %d days from now', (days) => {
    expect(isRemembered(idAt(days), now, {})).toBe(true);
  });

  it.each([-30, -7.1, 1.1, 400])('does not know one made %d days from now, so it must not run', (days) => {
    expect(isRemembered(idAt(days), now, {})).toBe(false);
  });

  it('is as long as it is told', () => {
    expect(isRemembered(idAt(-20), now, { inboxDays: 30 })).toBe(true);
  });
});
