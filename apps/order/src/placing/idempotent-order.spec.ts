import { fingerprint, idempotentOrder } from './idempotent-order';

const body = {
  customerId: 'c-1',
  paymentToken: 'tok_ok',
  lines: [
    { sku: 'A', quantity: 1 },
    { sku: 'B', quantity: 2 },
  ],
};

describe('the fingerprint of an order', () => {
  it('does not depend on the order of the fields', () => {
    const { lines, paymentToken, customerId } = body;
    expect(fingerprint({ lines, paymentToken, customerId })).toBe(fingerprint(body));
  });

  it.each([
    ['customer', { ...body, customerId: 'c-2' }],
    ['token', { ...body, paymentToken: 'tok_declined' }],
    ['quantity', { ...body, lines: [{ sku: 'A', quantity: 2 }, body.lines[1]!] }],
    ['lines', { ...body, lines: body.lines.slice(1) }],
  ])('changes with the %s', (_what, other) => {
    expect(fingerprint(other)).not.toBe(fingerprint(body));
  });
});

describe('an idempotency key', () => {
  it.each(['', 'a b', 'ä', 'x'.repeat(256), 'line\nbreak'])('is rejected when it is %j', (key) => {
    expect(() => idempotentOrder('POST /orders', key, body)).toThrow(/Idempotency-Key must be/);
  });
});
