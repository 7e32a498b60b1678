// The core operations of a Kafka client with @platformatic/kafka: BROKER TOPIC GROUP.
import {
  Admin,
  Consumer,
  Producer,
  stringSerializers,
  stringDeserializers,
  ListOffsetTimestamps,
  MessagesStreamModes,
} from '@platformatic/kafka';

const [broker, topic, groupId] = process.argv.slice(2);
const topicResource = 2;
const common = { clientId: 'platformatic', bootstrapBrokers: [broker] };

async function produce(from) {
  const producer = new Producer({ ...common, serializers: stringSerializers });
  for (let value = from; value < from + 5; value++) {
    await producer.send({ messages: [{ topic, key: 'key', value: String(value) }] });
  }
  await producer.close();
}

async function consume() {
  const consumer = new Consumer({ ...common, groupId, deserializers: stringDeserializers });
  const stream = await consumer.consume({
    topics: [topic],
    autocommit: false,
    mode: MessagesStreamModes.COMMITTED,
    fallbackMode: 'earliest',
    maxWaitTime: 200,
    sessionTimeout: 10000,
    heartbeatInterval: 500,
  });
  let received = 0;
  for await (const message of stream) {
    console.log('received', message.value);
    await message.commit();
    if (++received === 5) break;
  }
  await stream.close();
  await consumer.close(true);
}

const admin = new Admin(common);
await admin.createTopics({ topics: [topic], partitions: 2, replicas: 1 });
await produce(0);
await consume();
await produce(5);
await consume();
await produce(10);
const metadata = await admin.metadata({ topics: [topic] });
console.log('partitions', metadata.topics.get(topic).partitionsCount);
const cleanupPolicy = { resourceType: topicResource, resourceName: topic, configurationKeys: ['cleanup.policy'] };
const [described] = await admin.describeConfigs({ resources: [cleanupPolicy] });
console.log('cleanup.policy', described.configs[0].value);
const [committed] = await admin.listConsumerGroupOffsets({ groups: [groupId] });
const partitions = committed.topics[0].partitions;
const [ends] = await admin.listOffsets({
  topics: [
    {
      name: topic,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, timestamp: ListOffsetTimestamps.LATEST })),
    },
  ],
});
let lag = 0n;
for (const { partitionIndex, committedOffset } of partitions) {
  lag += ends.partitions.find((end) => end.partitionIndex === partitionIndex).offset - committedOffset;
}
console.log('lag', String(lag));
await admin.close();
