import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';

/**
 * How groups were divided before subscriptions counted (decision 0043): under the name of today, but by the leader's own
 * topics, and with metadata in which nobody tells anything. A group has such members while a service is updated.
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
