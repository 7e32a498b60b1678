import { coverageOf } from './coverage';

describe('the coverage of runs', () => {
  it('misses what was not met', () => {
    expect(coverageOf(new Map([['RUNNING + replied', 1]])).missing).not.toContain('RUNNING + replied');
    expect(coverageOf(new Map()).missing).toContain('RUNNING + replied');
  });

  it('does not mind why an event was ignored', () => {
    expect(coverageOf(new Map([['RUNNING + replied (not-awaited)', 1]])).missing).not.toContain('RUNNING + replied');
  });

  it('says why a pair cannot be met, and does not miss it', () => {
    const { impossible, missing } = coverageOf(new Map());
    expect(impossible).toContainEqual({
      pair: 'nothing + replied',
      because: 'a saga starts first; what comes before is parked',
    });
    expect(missing).not.toContain('nothing + replied');
  });

  it('is surprised by what cannot be, and by what is on no list', () => {
    const met = new Map([
      ['nothing + replied', 1],
      ['crash / the party', 1],
    ]);
    expect(coverageOf(met).surprising).toEqual(['nothing + replied', 'crash / the party']);
  });
});
