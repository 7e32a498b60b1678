import * as fc from 'fast-check';
import { v4 as uuidV4, v7 as uuidV7 } from 'uuid';
import { mayBeDeleted } from './saga-retention';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-22T12:00:00Z');
const idAt = (daysAgo: number): string => uuidV7({ msecs: NOW - daysAgo * DAY_MS });

describe('a saga that is not stored', () => {
  it.each([29.1, 30, 400])('may have been deleted when its id is %d days old', (days) => {
    expect(mayBeDeleted(idAt(days), NOW, 30)).toBe(true);
  });

  it.each([28.9, 1, 0, -400])('is new when its id is %d days old', (days) => {
    expect(mayBeDeleted(idAt(days), NOW, 30)).toBe(false);
  });

  it('is new at any age when all sagas are kept', () => {
    expect(mayBeDeleted(idAt(4_000), NOW, Infinity)).toBe(false);
  });

  it('is new when its id carries no time, because such sagas are never deleted', () => {
    expect(mayBeDeleted(uuidV4(), NOW, 2)).toBe(false);
  });

  it('does not begin again after its deletion, even when a clock is off by less than a day', () => {
    const days = fc.integer({ min: 2, max: 3_650 });
    const ms = fc.integer({ min: 1, max: 10 * DAY_MS });
    const off = fc.integer({ min: 1 - DAY_MS, max: 100 * DAY_MS });
    fc.assert(
      fc.property(days, ms, off, (kept, older, later) => {
        const id = uuidV7({ msecs: NOW - kept * DAY_MS - older });
        expect(mayBeDeleted(id, NOW + later, kept)).toBe(true);
      }),
    );
  });
});
