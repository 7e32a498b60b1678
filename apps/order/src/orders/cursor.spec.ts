import { fromCursor, toCursor } from './cursor';

describe('a cursor', () => {
  it('points to where the page ended', () => {
    const orderId = '0190a7d4-0000-7000-8000-000000000000';
    expect(fromCursor(toCursor(orderId))).toBe(orderId);
  });

  it.each(['', 'x', toCursor(`' OR 1=1`)])('is rejected when it is %j', (cursor) => {
    expect(() => fromCursor(cursor)).toThrow(/cursor must be/);
  });
});
