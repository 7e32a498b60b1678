import { lowestIdAt } from '../contract';
import { isRemembered } from './remembered';

const DAY_MS = 86_400_000;
const now = Date.parse('2026-11-21T12:00:00Z');
const idAt = (days: number): string => lowestIdAt(now + days * DAY_MS);

describe('an inbox with the default retention', () => {
  it.each([-6.9, -1, 0, 0.9])('remembers a message created %d days from now', (days) => {
    expect(isRemembered(idAt(days), now, {})).toBe(true);
  });

  it.each([-30, -7.1, 1.1, 400])('does not remember a message created %d days from now', (days) => {
    expect(isRemembered(idAt(days), now, {})).toBe(false);
  });

  it('remembers messages for the configured number of days', () => {
    expect(isRemembered(idAt(-20), now, { inboxDays: 30 })).toBe(true);
  });
});
