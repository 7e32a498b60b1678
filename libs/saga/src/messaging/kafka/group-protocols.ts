import type { Cluster, PartitionAssigner } from 'kafkajs';
import { assign, type Division } from './assignments';
import {
  decodeMember,
  encodeAssignment,
  encodeMember,
  type GroupMember,
  type PartitionCounts,
  type Reporter,
} from './group-member';

/** Asks the cluster how many partitions these topics have; those that do not exist are left out. */
export type AskPartitions = (topics: readonly string[]) => Promise<PartitionCounts>;

/**
 * The assignment protocols that the members of a group offer, the preferred first; the broker picks one that all
 * members offer. Clients in other languages offer `range`, so they can join a running group. While two releases run,
 * their members must agree: when the assignment of a protocol changes in a way that the former release does not
 * understand, its name must change too.
 */
export function groupProtocols(ask: AskPartitions, reporter: Reporter): PartitionAssigner[] {
  return [protocol('palinode-same-partition', samePartition, ask, reporter), protocol('range', range, ask, reporter)];
}

function protocol(name: string, divide: Division, ask: AskPartitions, reporter: Reporter): PartitionAssigner {
  return ({ cluster }) => ({
    name,
    version: 0,
    async assign({ members, topics }) {
      const group = members.map((member) => decodeMember(member));
      const assignments = assign(group, await partitionsOf(group, seen(cluster, topics), ask), divide);
      return [...assignments].map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: encodeAssignment(assignment),
      }));
    },
    protocol: ({ topics }) => ({ name, metadata: encodeMember(topics, seen(cluster, topics), reporter) }),
  });
}

/** The counts as the cluster reported them to this member; for the leader they are current before it assigns. */
function seen(cluster: Cluster, topics: readonly string[]): PartitionCounts {
  return new Map(topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length]));
}

/**
 * The partitions of every topic that any member subscribes to. For topics to which the leader does not subscribe it
 * asks the cluster. If the cluster tells it nothing, as for a topic that it may not see, it uses what the topic's
 * subscribers have seen.
 */
export async function partitionsOf(
  members: readonly GroupMember[],
  own: PartitionCounts,
  ask: AskPartitions,
): Promise<PartitionCounts> {
  const others = [...new Set(members.flatMap(({ topics }) => topics))].filter((topic) => !own.has(topic));
  if (others.length === 0) return own;
  const reported = await ask(others);
  const seenBySubscribers = (topic: string): number =>
    Math.max(0, ...members.map(({ partitions }) => partitions.get(topic) ?? 0));
  return new Map([
    ...own,
    ...others.map((topic): [string, number] => [topic, reported.get(topic) ?? seenBySubscribers(topic)]),
  ]);
}

/**
 * Divides a topic as the standard assignor `range` does: its subscribers get adjacent partitions, equally many or one
 * more.
 */
export const range: Division = (members, topic, count) => {
  const subscribers = members.filter(({ topics }) => topics.includes(topic));
  const startOf = (index: number): number => Math.ceil((index * count) / subscribers.length);
  return new Map(
    subscribers.map(({ id }, index): [string, number[]] => [
      id,
      Array.from({ length: startOf(index + 1) - startOf(index) }, (_, n) => startOf(index) + n),
    ]),
  );
};

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
