import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';

const VERSION = 1;
const NAME = 'palinode-same-partition';

/**
 * Gives the same partition number of every topic to the same member: all messages of a saga, whatever reply topic they
 * come by, meet in one process, and its compare-and-set on the saga's revision almost never loses.
 */
export const samePartitionAssigner: PartitionAssigner = ({ cluster }) => ({
  name: NAME,
  version: VERSION,
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
        version: VERSION,
        assignment: assignments[index] ?? {},
        userData: Buffer.alloc(0),
      }),
    }));
  },
  protocol({ topics }) {
    return {
      name: NAME,
      metadata: AssignerProtocol.MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.alloc(0) }),
    };
  },
});
