import { isRefusal, refuse } from './refusal';

describe('a refusal', () => {
  it('carries its reason and detail', () => {
    expect(refuse('out-of-stock', 'two left')).toMatchObject({ reason: 'out-of-stock', detail: 'two left' });
  });

  it('needs no detail', () => {
    expect(refuse('out-of-stock')).not.toHaveProperty('detail');
  });

  it('is recognized as a refusal', () => {
    expect(isRefusal(refuse('out-of-stock'))).toBe(true);
  });

  it.each([undefined, null, 'out-of-stock', { reason: 'out-of-stock' }])('is not recognized in %j', (value) => {
    expect(isRefusal(value)).toBe(false);
  });
});
