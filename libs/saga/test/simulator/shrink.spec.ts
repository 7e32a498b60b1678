import { shrink } from './shrink';

const noFaults = (): readonly number[] => [];

describe('shrinking a tape', () => {
  it('keeps, in their order, only the numbers that the failure needs', () => {
    const long = Array.from({ length: 200 }, (_, at) => at % 7);
    const fails = (numbers: readonly number[]): boolean => numbers.join('').includes('3') && numbers.includes(6);
    expect(shrink(long, fails, noFaults).toSorted((a, b) => a - b)).toEqual([3, 6]);
  });

  it('removes the faults first', () => {
    const tried: string[] = [];
    const fails = (numbers: readonly number[]): boolean => {
      tried.push(numbers.join(' '));
      return numbers[0] === 5;
    };
    const faultsOf = (numbers: readonly number[]): number[] => [1, 2].filter((at) => at < numbers.length);
    expect(shrink([5, 9, 9], fails, faultsOf)).toEqual([5]);
    expect(tried.slice(0, 2)).toEqual(['5 9 0', '5 0 0']);
  });

  it('replaces a number by zero when only its position matters', () => {
    expect(shrink([4, 8, 6], (numbers) => numbers.length === 3 && numbers[2] === 6, noFaults)).toEqual([0, 0, 6]);
  });

  it('keeps a tape that fails only without changes', () => {
    expect(shrink([1, 2], (numbers) => numbers.join() === '1,2', noFaults)).toEqual([1, 2]);
  });
});
