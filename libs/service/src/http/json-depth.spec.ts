import { isDeeperThan } from './json-depth';

const nested = (levels: number): Buffer => Buffer.from('['.repeat(levels) + ']'.repeat(levels));

describe('the JSON depth check', () => {
  it.each([
    [32, false],
    [33, true],
    [2_500, true],
  ])('reports whether %i levels are deeper than 32: %s', (levels, deeper) => {
    expect(isDeeperThan(32, nested(levels))).toBe(deeper);
  });

  it('ignores brackets in strings, whatever is escaped', () => {
    expect(isDeeperThan(1, Buffer.from(String.raw`["[[[", "\"[[", "\\", "ü["]`))).toBe(false);
    expect(isDeeperThan(1, Buffer.from(String.raw`["\\", ["a"]]`))).toBe(true);
  });

  it('counts levels that are open at once, not all brackets', () => {
    expect(isDeeperThan(2, Buffer.from(`[${'{},'.repeat(1000)}{}]`))).toBe(false);
  });

  it('accepts text that is truncated or not JSON', () => {
    expect(isDeeperThan(2, Buffer.from('[[["'))).toBe(true);
    expect(isDeeperThan(2, Buffer.from(']]]]'))).toBe(false);
  });
});
