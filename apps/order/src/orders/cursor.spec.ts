import { fromCursor, toCursor } from './cursor';

describe('a cursor', () => {
  it('decodes a cursor to the last order of its page', () => {
    const orderId = '0190a7d4-0000-7000-8000-000000000000';
    expect(fromCursor(toCursor(orderId))).toBe(orderId);
  });

  it.each(['', 'x', toCursor(`' OR 1=1`)])('rejects the cursor %j', (cursor) => {
    expect(() => fromCursor(cursor)).toThrow(/cursor must be/);
  });
});
