import type { Division } from './assignments';

/**
 * Gives the same partition number of every topic to the same member, as far as it subscribes to them. All messages of a
 * saga, on any reply topic, then meet in one process, and its compare-and-set on the saga's revision rarely fails.
 *
 * 1. Every partition of a topic goes to exactly one member, which subscribes to it.
 * 2. The subscribers of a topic get equally many of its partitions, or one more.
 * 3. Partition p goes to member p modulo their number, when that one subscribes to the topic. So topics with the same
 *    subscribers are divided alike, and a new topic, or new partitions, move none of the others.
 */
export const samePartition: Division = (members, topic, count) => {
  const shares = new Map(
    members.filter(({ topics }) => topics.includes(topic)).map(({ id }): [string, number[]] => [id, []]),
  );
  const left: number[] = [];
  for (let partition = 0; partition < count; partition += 1) {
    const share = shares.get(members[partition % members.length]?.id ?? '');
    (share ?? left).push(partition);
  }
  // Partitions of members that do not subscribe go to the subscribers that have the fewest.
  for (const partition of left) smallest([...shares.values()])?.push(partition);
  return shares;
};

function smallest(shares: readonly number[][]): number[] | undefined {
  const least = Math.min(...shares.map(({ length }) => length));
  return shares.find(({ length }) => length === least);
}
