import { Kafka, logLevel, type Admin } from 'kafkajs';
import { waitUntil } from '@palinode/testing-support/wait-until';

/** The consumer groups of the services, as reported by the broker. */
export class Groups {
  private constructor(private readonly admin: Admin) {}

  static async of(brokers: readonly string[]): Promise<Groups> {
    const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    return new Groups(admin);
  }

  async close(): Promise<void> {
    await this.admin.disconnect();
  }

  /** Resolves when the group is stable with this number of members. */
  async haveMembers(group: string, members: number): Promise<void> {
    await waitUntil(
      `${members} members of ${group}`,
      async () => {
        const { groups } = await this.admin.describeGroups([group]);
        const state = members === 0 ? 'Empty' : 'Stable';
        return groups.some((each) => each.members.length === members && each.state === state);
      },
      { everyMs: 50 },
    );
  }

  /** Resolves when the group has committed the offset of every message in the topic. */
  async areDone(group: string, topic: string): Promise<void> {
    await waitUntil(
      `${group} to have committed all of ${topic}`,
      async () => {
        const ends = new Map((await this.admin.fetchTopicOffsets(topic)).map((each) => [each.partition, each]));
        const [committed] = await this.admin.fetchOffsets({ groupId: group, topics: [topic] });
        const behind = (committed?.partitions ?? []).filter(
          ({ partition, offset }) =>
            Number(offset) < Number(ends.get(partition)?.high) && ends.get(partition)?.high !== '0',
        );
        if (behind.length > 0) throw new Error(JSON.stringify({ behind, ends: [...ends.values()] }));
        return committed !== undefined;
      },
      { everyMs: 200 },
    );
  }
}
