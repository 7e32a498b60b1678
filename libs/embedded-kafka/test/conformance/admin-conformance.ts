import { randomUUID } from 'node:crypto';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Conformance } from './broker-under-test';

export function describeAdmin({ clients }: Conformance): void {
  it('creates, lists, describes and deletes a topic', async () => {
    const topic = await clients().topic(3);
    const admin = await clients().admin();
    expect(await admin.listTopics()).toContain(topic);
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    expect(new Set(topics[0]!.partitions.map(({ partitionId }) => partitionId))).toEqual(new Set([0, 1, 2]));
    await admin.deleteTopics({ topics: [topic] });
    await waitUntil('the topic to be deleted', async () => !(await admin.listTopics()).includes(topic));
  });

  it('rejects the creation of an existing topic', async () => {
    const topic = await clients().topic();
    const admin = await clients().admin();
    expect(await admin.createTopics({ topics: [{ topic }] })).toBe(false);
  });

  it('creates a topic again without its old messages', async () => {
    const topic = await clients().topic();
    const admin = await clients().admin();
    const producer = await clients().producer();
    await producer.send({ topic, messages: [{ value: 'old' }] });
    await admin.deleteTopics({ topics: [topic] });
    await waitUntil('the topic to be created again', () => admin.createTopics({ topics: [{ topic }] }));
    expect(await admin.fetchTopicOffsets(topic)).toMatchObject([{ partition: 0, offset: '0' }]);
  });

  it('rejects more replicas than there are brokers, and invalid settings', async () => {
    const admin = await clients().admin();
    const topic = `refused-${randomUUID()}`;
    await expect(admin.createTopics({ topics: [{ topic, replicationFactor: 3 }] })).rejects.toThrow();
    const configEntries = [{ name: 'retention.ms', value: 'soon' }];
    await expect(admin.createTopics({ topics: [{ topic, configEntries }] })).rejects.toThrow();
    expect(await admin.listTopics()).not.toContain(topic);
  });

  it('adds partitions to a topic', async () => {
    const topic = await clients().topic(1);
    const admin = await clients().admin();
    await admin.createPartitions({ topicPartitions: [{ topic, count: 4 }] });
    await waitUntil('the topic to have four partitions', async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0]!.partitions.length === 4;
    });
  });

  it('returns the first and the next offset of each partition', async () => {
    const topic = await clients().topic(2);
    const admin = await clients().admin();
    const producer = await clients().producer();
    await producer.send({ topic, messages: [1, 2, 3].map((value) => ({ partition: 1, value: String(value) })) });
    const offsets = await admin.fetchTopicOffsets(topic);
    expect(offsets.toSorted((left, right) => left.partition - right.partition)).toMatchObject([
      { partition: 0, low: '0', high: '0' },
      { partition: 1, low: '0', high: '3' },
    ]);
  });

  it('sets the offsets of a group from outside', async () => {
    const topic = await clients().topic();
    const admin = await clients().admin();
    const groupId = `group-${randomUUID()}`;
    await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '5' }] });
    expect(await admin.fetchOffsets({ groupId, topics: [topic] })).toMatchObject([
      { topic, partitions: [{ partition: 0, offset: '5' }] },
    ]);
  });

  it('returns the committed offsets of all topics of a group when none is named, as tools for lag ask', async () => {
    const [first, second, other] = [await clients().topic(2), await clients().topic(), await clients().topic()];
    const admin = await clients().admin();
    const groupId = `group-${randomUUID()}`;
    await admin.setOffsets({ groupId, topic: first, partitions: [{ partition: 1, offset: '5' }] });
    await admin.setOffsets({ groupId, topic: second, partitions: [{ partition: 0, offset: '7' }] });
    await admin.setOffsets({ groupId: `${groupId}-other`, topic: other, partitions: [{ partition: 0, offset: '9' }] });
    const offsets = await admin.fetchOffsets({ groupId });
    const found = offsets.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [topic, partition, offset] as const),
    );
    expect(new Set(found.map(String))).toEqual(new Set([`${first},1,5`, `${second},0,7`]));
  });
}
