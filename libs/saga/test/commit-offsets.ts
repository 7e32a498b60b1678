import { Kafka, logLevel } from 'kafkajs';

/** Commits this offset for all partitions of a topic, for a group without members. */
export async function commitOffsets(broker: string, groupId: string, topic: string, offset: number): Promise<void> {
  const admin = new Kafka({ brokers: [broker], logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  try {
    const partitions = await admin.fetchTopicOffsets(topic);
    await admin.setOffsets({
      groupId,
      topic,
      partitions: partitions.map(({ partition }) => ({ partition, offset: String(offset) })),
    });
  } finally {
    await admin.disconnect();
  }
}
