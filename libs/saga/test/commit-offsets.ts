import { Kafka, logLevel } from 'kafkajs';

/** Puts a group that has no members at this offset of all partitions of a topic. */
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
