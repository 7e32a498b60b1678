import { retryAfterMs } from './webhook-call';

const now = new Date('2026-11-21T12:00:00Z');

describe('the Retry-After header of a target', () => {
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Sat, 21 Nov 2026 12:01:30 GMT', 90_000],
  ])('respects the Retry-After header %j', (header, waitMs) => {
    expect(retryAfterMs(header, now)).toBe(waitMs);
  });

  it.each([undefined, '', 'soon', '-5', '1.5e9', '99999999999999999999', 'Sat, 21 Nov 2026 11:00:00 GMT'])(
    'ignores the Retry-After header %j',
    (header) => {
      expect(retryAfterMs(header, now)).toBeUndefined();
    },
  );
});
