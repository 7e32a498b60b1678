import { isRefusal, refuse } from './command';

describe('refuse', () => {
  it('a refusal carries its reason and detail', () => {
    expect(refuse('out-of-stock', 'two left')).toMatchObject({ reason: 'out-of-stock', detail: 'two left' });
  });

  it('a refusal needs no detail', () => {
    expect(refuse('out-of-stock')).not.toHaveProperty('detail');
  });

  it('a refusal is recognized by isRefusal', () => {
    expect(isRefusal(refuse('out-of-stock'))).toBe(true);
  });

  it.each([undefined, null, 'out-of-stock', { reason: 'out-of-stock' }])(
    'a refusal is not recognized in %j',
    (value) => {
      expect(isRefusal(value)).toBe(false);
    },
  );
});
