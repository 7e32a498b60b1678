import { coverageOf } from './coverage';

describe('the coverage of runs', () => {
  it('lists what did not occur as missing', () => {
    expect(coverageOf(new Map([['RUNNING + replied', 1]])).missing).not.toContain('RUNNING + replied');
    expect(coverageOf(new Map()).missing).toContain('RUNNING + replied');
  });

  it('counts an ignored event for any reason', () => {
    expect(coverageOf(new Map([['RUNNING + replied (not-awaited)', 1]])).missing).not.toContain('RUNNING + replied');
  });

  it('explains why a pair cannot occur, and does not list it as missing', () => {
    const { impossible, missing } = coverageOf(new Map());
    expect(impossible).toContainEqual({
      pair: 'nothing + replied',
      because: 'a saga starts first; earlier messages are dead-lettered',
    });
    expect(missing).not.toContain('nothing + replied');
  });

  it('reports impossible and unlisted pairs as surprising', () => {
    const occurred = new Map([
      ['nothing + replied', 1],
      ['crash / the party', 1],
    ]);
    expect(coverageOf(occurred).surprising).toEqual(['nothing + replied', 'crash / the party']);
  });
});
