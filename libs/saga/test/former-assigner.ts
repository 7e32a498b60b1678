import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';

/**
 * The partition assigner of releases before decision 0043: the same name, but it assigns by the leader's own topics,
 * and its metadata is empty. A group has such members during a service's update.
 */
export const formerAssigner: PartitionAssigner = ({ cluster }) => ({
  name: 'palinode-same-partition',
  version: 1,
  async assign({ members, topics }) {
    const memberIds = members.map(({ memberId }) => memberId).toSorted();
    const assignments = memberIds.map((): Record<string, number[]> => ({}));
    for (const topic of topics) {
      for (const { partitionId } of cluster.findTopicPartitionMetadata(topic)) {
        const assignment = assignments[partitionId % memberIds.length];
        if (assignment) (assignment[topic] ??= []).push(partitionId);
      }
    }
    return memberIds.map((memberId, index) => ({
      memberId,
      memberAssignment: AssignerProtocol.MemberAssignment.encode({
        version: 1,
        assignment: assignments[index] ?? {},
        userData: Buffer.alloc(0),
      }),
    }));
  },
  protocol: ({ topics }) => ({
    name: 'palinode-same-partition',
    metadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
  }),
});
