import { revisionsOf, tagOf } from './revision-tag';

const statusOf = (ifMatch: string | undefined): unknown => {
  try {
    return revisionsOf(ifMatch);
  } catch (error) {
    return (error as { getStatus(): number }).getStatus();
  }
};

describe('an If-Match header', () => {
  it.each([
    [tagOf(3), [3]],
    ['"3", "4"', [3, 4]],
    ['"3",W/"4"', [3]],
    ['W/"3"', []],
    ['"another"', []],
    ['""', []],
    ['*', undefined],
  ])('with the value %s allows the revisions %j', (ifMatch, revisions) => {
    expect(revisionsOf(ifMatch)).toEqual(revisions);
  });

  it.each([['3'], ['"3'], [''], ['"3" "4"'], ['*, "3"'], ['"3",'], [`${'"3",'.repeat(1_000)}3`]])(
    'is rejected for the value %s, which is not a list of tags',
    (ifMatch) => {
      expect(statusOf(ifMatch)).toBe(400);
    },
  );

  it('is required', () => {
    expect(statusOf(undefined)).toBe(428);
  });
});
