import type { GroupMember, PartitionCounts } from './group-member';

/**
 * Divides the partitions of one topic among the members of a group, which are ordered by their ids. Returns the partitions of
 * each member that subscribes to the topic, by the member's id.
 */
export type Division = (members: readonly GroupMember[], topic: string, count: number) => ReadonlyMap<string, number[]>;

/**
 * The partitions that each member reads when every topic is divided like this, independent of the order of the members.
 */
export function assign(
  members: readonly GroupMember[],
  partitions: PartitionCounts,
  divide: Division,
): Map<string, Record<string, number[]>> {
  const inOrder = members.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const assignments = new Map(inOrder.map(({ id }): [string, Record<string, number[]>] => [id, {}]));
  for (const [topic, count] of partitions) {
    for (const [id, share] of divide(inOrder, topic, count)) {
      const assignment = assignments.get(id);
      if (assignment !== undefined && share.length > 0) assignment[topic] = share;
    }
  }
  return assignments;
}
