import type { Cluster, PartitionAssigner } from 'kafkajs';
import { assign, type Division } from './assignments';
import { decodeMember, encodeAssignment, encodeMember, type GroupMember, type PartitionCounts } from './group-member';
import { range } from './range';
import { samePartition } from './same-partition';

/** Asks the cluster how many partitions these topics have; those that do not exist are left out. */
export type AskPartitions = (topics: readonly string[]) => Promise<PartitionCounts>;

/**
 * The ways to divide a group's partitions that its members offer, the best first; the broker picks one that all of them
 * offer. `range` is what clients in other languages offer, so they can join a running group. It is also what an assignment
 * that is changed goes by while both releases run: change one in a way that its former release does not understand only
 * together with its name.
 */
export function groupProtocols(ask: AskPartitions): PartitionAssigner[] {
  return [protocol('palinode-same-partition', samePartition, ask), protocol('range', range, ask)];
}

function protocol(name: string, divide: Division, ask: AskPartitions): PartitionAssigner {
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
    protocol: ({ topics }) => ({ name, metadata: encodeMember(topics, seen(cluster, topics)) }),
  });
}

/** As the cluster told this member, which for the leader is right before it assigns. */
function seen(cluster: Cluster, topics: readonly string[]): PartitionCounts {
  return new Map(topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length]));
}

/**
 * The partitions of every topic that any member subscribes to. For those that the leader does not subscribe to it asks the
 * cluster. Where that tells it nothing, as of a topic that it may not see, the topic's subscribers know.
 */
export async function partitionsOf(
  members: readonly GroupMember[],
  own: PartitionCounts,
  ask: AskPartitions,
): Promise<PartitionCounts> {
  const others = [...new Set(members.flatMap(({ topics }) => topics))].filter((topic) => !own.has(topic));
  if (others.length === 0) return own;
  const asked = await ask(others);
  const told = (topic: string): number => Math.max(0, ...members.map(({ partitions }) => partitions.get(topic) ?? 0));
  return new Map([...own, ...others.map((topic): [string, number] => [topic, asked.get(topic) ?? told(topic)])]);
}
