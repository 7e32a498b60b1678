import type { Kafka } from 'kafkajs';
import type { GroupProgress } from '../transport';

/** Few and quick tries: somebody waits for the answer, and a broker that is away has other ways to be noticed. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 300, retries: 1 };

/** Asks the broker how far a consumer group has come in one topic. Rejects when it does not answer or denies access. */
export async function groupProgress(kafka: Kafka, group: string, topic: string): Promise<GroupProgress> {
  const admin = kafka.admin({ retry: RETRY });
  try {
    await admin.connect();
    const [described, committed, offsets] = await Promise.all([
      admin.describeGroups([group]),
      admin.fetchOffsets({ groupId: group, topics: [topic] }),
      admin.fetchTopicOffsets(topic),
    ]);
    const next = new Map(
      committed.flatMap(({ partitions }) => partitions.map((each) => [each.partition, each.offset])),
    );
    const lags = offsets.map(({ partition, low, high }) => {
      // -1: nothing is committed, so it begins with the first message that the topic still has.
      const position = Math.max(Number(next.get(partition) ?? -1), Number(low));
      return Math.max(0, Number(high) - position);
    });
    const members = described.groups.reduce((sum, each) => sum + each.members.length, 0);
    return { members, lag: lags.reduce((sum, lag) => sum + lag, 0) };
  } finally {
    await admin.disconnect();
  }
}
