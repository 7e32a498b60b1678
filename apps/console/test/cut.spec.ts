import * as fc from 'fast-check';
import { cut, widthOf } from '../src/diagram/cut';
import { hostileTexts } from './any-saga';

it('returns a beginning of any text that fits, without what would hide or turn around other text', () => {
  fc.assert(
    fc.property(hostileTexts, fc.integer({ min: 20, max: 400 }), (text, width) => {
      const shown = cut(text, width);
      expect(widthOf(shown)).toBeLessThanOrEqual(width);
      expect(shown).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      expect(shown.length).toBeLessThanOrEqual(width * 3);
    }),
  );
});

it('keeps a text that fits, and says where one is cut', () => {
  expect(cut('reserve-stock', 200)).toBe('reserve-stock');
  expect(cut('W'.repeat(10_000), 60)).toBe('WWWWWW…');
});
