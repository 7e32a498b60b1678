import { maskError } from './mask-error';

describe('maskError', () => {
  it.each([
    ['Order 17 has 3 items', 'Order … has … items'],
    ['no order o-17', 'no order …'],
    ['no stock of SKU-CUP-2', 'no stock of …'],
    ['saga 019b76da-a800-7000-8000-00000000beef is gone', 'saga … is gone'],
    ['connect ECONNREFUSED 10.0.0.7:5432', 'connect ECONNREFUSED …'],
    ['timed out at 2026-11-30T11:10:11.123Z', 'timed out at …'],
    ['tok_4711 was declined (code 51)', '… was declined (code …)'],
    ['duplicate key (id)=(a1b2c3)', 'duplicate key (id)=(…)'],
    ['two\n  lines', 'two lines'],
  ])('makes “%s” “%s”', (text, masked) => {
    expect(maskError(text)).toBe(masked);
  });

  it('keeps words without a digit, so that different errors stay different', () => {
    expect(maskError('payment.capture failed: no-such-card')).toBe('payment.capture failed: no-such-card');
  });

  it('gives the same text for two sagas that differ in ids and numbers only', () => {
    const errorOf = (order: string, units: number): string => maskError(`${order}: only ${units} units are left`);
    expect(errorOf('o-1', 12)).toBe(errorOf('order_99', 3));
  });

  it('bounds the length', () => {
    expect(maskError('word '.repeat(1_000)).length).toBeLessThanOrEqual(301);
  });
});
