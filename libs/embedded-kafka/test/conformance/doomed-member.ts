import { Kafka, logLevel } from 'kafkajs';

/** A group member in a separate process, to be killed. Prints "joined" when it has its partitions. */
async function main([broker, groupId, topic]: string[]): Promise<void> {
  const kafka = new Kafka({ brokers: [broker!], clientId: 'doomed', logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: groupId!, sessionTimeout: 6000, heartbeatInterval: 300 });
  consumer.on(consumer.events.GROUP_JOIN, () => console.log('joined'));
  process.stdin.once('close', () => process.exit(0)).resume();
  await consumer.connect();
  await consumer.subscribe({ topics: [topic!] });
  await consumer.run({ eachMessage: () => Promise.resolve() });
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
