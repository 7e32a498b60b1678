import * as fc from 'fast-check';
import { shrink } from './shrink';

const failsWith =
  (needed: readonly number[]) =>
  (part: readonly number[]): Promise<boolean> =>
    Promise.resolve(needed.every((each) => part.includes(each)));

describe('shrinking a list that fails', () => {
  it('keeps the items that are needed to fail, in order', async () => {
    const items = fc.integer({ min: 4, max: 60 }).chain((length) => {
      const all = Array.from({ length }, (_, n) => n);
      return fc.tuple(fc.constant(all), fc.subarray(all, { minLength: 1, maxLength: 4 }));
    });
    await fc.assert(
      fc.asyncProperty(items, async ([all, needed]) => {
        expect(await shrink(all, failsWith(needed))).toEqual(needed);
      }),
    );
  });

  it('ends early with the smallest list so far', async () => {
    const all = Array.from({ length: 64 }, (_, n) => n);
    let calls = 0;
    const fails = (part: readonly number[]): Promise<boolean> => {
      calls += 1;
      return failsWith([5])(part);
    };
    const left = await shrink(all, fails, () => calls >= 3);
    expect(calls).toBe(3);
    expect(left).toContain(5);
    expect(left.length).toBeLessThan(all.length);
  });
});
