import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { Partitioners, type PartitionerArgs } from 'kafkajs';
import { partitionerOf, PartitionGrowth } from './partitioner';

const theirs = Partitioners.DefaultPartitioner();
const ours = partitionerOf(new PartitionGrowth(() => 0))();

const partitionerArgs = (
  key: Buffer | string | null,
  partitions: number,
  topic = `t-${partitions}`,
): PartitionerArgs => ({
  topic,
  partitionMetadata: Array.from({ length: partitions }, (_, partitionId) => ({
    partitionId,
    leader: 0,
    partitionErrorCode: 0,
    replicas: [0],
    isr: [0],
  })),
  message: { key, value: 'v' },
});

describe('the partition of a message', () => {
  it('is the one that kafkajs picks for its key', () => {
    const keys = Array.from({ length: 2_000 }, (_, n) => (n % 2 === 0 ? randomBytes(randomInt(40)) : randomUUID()));
    const both = keys.map((key) => {
      const message = partitionerArgs(key, 1 + randomInt(100));
      return [ours(message), theirs(message)];
    });
    expect(both.filter(([one, other]) => one !== other)).toEqual([]);
  });

  it('rotates when the message has no key', () => {
    const picked = Array.from({ length: 4 }, () => ours(partitionerArgs(null, 4)));
    expect(new Set(picked).size).toBe(4);
  });

  it('is none of those that were just added, with a key or without', () => {
    const keys = Array.from({ length: 400 }, (_, n) => (n % 2 === 0 ? null : randomUUID()));
    ours(partitionerArgs(null, 2, 'grown'));
    const picked = keys.map((key) => ours(partitionerArgs(key, 8, 'grown')));
    expect(new Set(picked)).toEqual(new Set([0, 1]));
  });
});
