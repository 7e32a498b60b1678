import { PartitionGrowth } from './partitioner';

describe('the partitions that a producer uses', () => {
  let elapsed = 0;
  let growth: PartitionGrowth;

  beforeEach(() => {
    elapsed = 1_000;
    growth = new PartitionGrowth(() => elapsed);
  });

  it('uses all partitions of a topic that is new to the producer', () => {
    expect(growth.used('t', 4)).toBe(4);
    expect(growth.used('u', 8)).toBe(8);
  });

  it('uses added partitions only 15 s after it saw them', () => {
    growth.used('t', 4);
    expect(growth.used('t', 8)).toBe(4);
    elapsed += 14_999;
    expect(growth.used('t', 8)).toBe(4);
    elapsed += 1;
    expect(growth.used('t', 8)).toBe(8);
  });

  it('delays added partitions again when more are added in the meantime', () => {
    growth.used('t', 4);
    growth.used('t', 6);
    elapsed += 10_000;
    expect(growth.used('t', 8)).toBe(4);
    elapsed += 10_000;
    expect(growth.used('t', 8)).toBe(4);
    elapsed += 5_000;
    expect(growth.used('t', 8)).toBe(8);
  });

  it('uses fewer partitions at once when the topic was recreated with fewer, and grows from there', () => {
    growth.used('t', 8);
    expect(growth.used('t', 4)).toBe(4);
    expect(growth.used('t', 8)).toBe(4);
    elapsed += 15_000;
    expect(growth.used('t', 8)).toBe(8);
  });

  it('counts the partitions of each topic independently', () => {
    growth.used('t', 4);
    growth.used('u', 4);
    growth.used('t', 8);
    elapsed += 15_000;
    expect([growth.used('t', 8), growth.used('u', 8)]).toEqual([8, 4]);
  });
});
