import { verdictOf } from './verdict';

const report = (errors: number, more = ''): string => `${more}
(Spin Version 6.5.2 -- 6 December 2019)

Full statespace search for:
	never claim         	- (none specified)
	assertion violations	+

State-vector 268 byte, depth reached 178, errors: ${errors}
    77257 states, stored
  2213271 states, matched
  2290528 transitions (= stored+matched)
       94 atomic steps
`;

describe('the verdict on a search', () => {
  it('is complete and finds no broken promise when Spin reports no errors', () => {
    expect(verdictOf(report(0))).toEqual({ states: 77_257, depth: 178, transitions: 2_290_528, complete: true });
  });

  it('names the promise whose assertion was violated', () => {
    const error = 'pan:1: assertion violated  !(effect_twice) (at depth 108)\n\nWarning: Search not completed';
    expect(verdictOf(report(1, error))).toMatchObject({ broken: 'effect twice', complete: false });
  });

  it('names an error that is not an assertion', () => {
    expect(verdictOf(report(1, 'pan:1: acceptance cycle (at depth 140)')).broken).toBe('acceptance cycle');
  });

  it.each(['error: max search depth too small', 'pan: reached -DMEMLIM bound', 'Warning: Search not completed'])(
    'is incomplete after "%s"',
    (warning) => {
      expect(verdictOf(report(0, warning)).complete).toBe(false);
    },
  );

  it('throws for output without a report', () => {
    expect(() => verdictOf('Segmentation fault')).toThrow('Segmentation fault');
  });
});
