import { isRefusal, refuse } from './refusal';

describe('a refusal', () => {
  it('says why', () => {
    expect(refuse('out-of-stock', 'two left')).toMatchObject({ reason: 'out-of-stock', detail: 'two left' });
  });

  it('needs no detail', () => {
    expect(refuse('out-of-stock')).not.toHaveProperty('detail');
  });

  it('is known as one', () => {
    expect(isRefusal(refuse('out-of-stock'))).toBe(true);
  });

  it.each([undefined, null, 'out-of-stock', { reason: 'out-of-stock' }])('is not %j', (value) => {
    expect(isRefusal(value)).toBe(false);
  });
});
