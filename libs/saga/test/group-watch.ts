import { AssignerProtocol, Kafka, logLevel, type Admin } from 'kafkajs';
import { waitUntil } from '@palinode/testing-support/wait-until';

/** Reads the state of groups and topics from a broker. */
export class GroupWatch {
  private constructor(private readonly admin: Admin) {}

  static async on(broker: string): Promise<GroupWatch> {
    const admin = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    return new GroupWatch(admin);
  }

  async close(): Promise<void> {
    await this.admin.disconnect();
  }

  /** Resolves with the partitions of each of this many members when the group is stable: `topic/partition`, sorted. */
  async members(group: string, count: number): Promise<readonly (readonly string[])[]> {
    return waitUntil(`${group} is stable with ${count} members`, async () => {
      const [described] = (await this.admin.describeGroups([group])).groups;
      if (described?.state !== 'Stable' || described.members.length !== count) return undefined;
      return described.members.map(({ memberAssignment }) => {
        const assignment = AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {};
        return Object.entries(assignment)
          .flatMap(([topic, partitions]) => partitions.map((partition) => `${topic}/${partition}`))
          .toSorted();
      });
    });
  }

  /** Returns the names of all groups. */
  async groups(): Promise<readonly string[]> {
    return (await this.admin.listGroups()).groups.map(({ groupId }) => groupId);
  }

  /** Returns the assignment protocol of the group. */
  async protocol(group: string): Promise<string | undefined> {
    return (await this.admin.describeGroups([group])).groups[0]?.protocol;
  }

  /** Resolves when the broker has created the new partitions, and each has a leader. */
  async extend(topic: string, count: number): Promise<void> {
    await this.admin.createPartitions({ topicPartitions: [{ topic, count }] });
    await waitUntil(`${topic} has ${count} partitions`, async () => (await this.published(topic)).length === count);
  }

  /** Returns how many messages were published to each partition of a topic. */
  async published(topic: string): Promise<readonly number[]> {
    const offsets = await this.admin.fetchTopicOffsets(topic);
    return offsets.toSorted((a, b) => a.partition - b.partition).map(({ high }) => Number(high));
  }
}
