import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { Conformance } from './broker-under-test';
import { Clients } from './clients';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { RecordingConsumer } from './recording-consumer';

/** Sends one message after the other until the broker ends; returns the acknowledged values. */
function sendUntilKilled(brokers: string[], topic: string): { acknowledged: string[]; ended: Promise<void> } {
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const acknowledged: string[] = [];
  const send = async (): Promise<void> => {
    await producer.connect();
    try {
      for (let value = 0; ; value++) {
        await producer.send({ topic, acks: -1, messages: [{ key: String(value), value: String(value) }] });
        acknowledged.push(String(value));
      }
    } catch {
      await producer.disconnect();
    }
  };
  return { acknowledged, ended: send() };
}

export function describeDurability({ broker, clients }: Conformance): void {
  it('loses no acknowledged message', async () => {
    const topic = await clients().topic(3);
    const { acknowledged, ended } = sendUntilKilled(broker().brokers, topic);
    await waitUntil('500 messages to be acknowledged', () => acknowledged.length >= 500);
    await broker().kill9!();
    await ended;
    await broker().restart!();
    const after = new Clients(broker().brokers);
    try {
      const consumer = await RecordingConsumer.start(after, topic, { groupId: randomUUID() });
      await consumer.hasReceived(acknowledged.length);
      const received = new Set(consumer.values);
      expect(acknowledged.filter((value) => !received.has(value))).toEqual([]);
    } finally {
      await after.close();
    }
  });

  it('loses no committed offset and no topic', async () => {
    const topic = await clients().topic(1);
    const groupId = randomUUID();
    const producer = await clients().producer();
    await producer.send({ topic, messages: ['a', 'b', 'c'].map((value) => ({ value })) });
    const first = await RecordingConsumer.start(clients(), topic, { groupId });
    await first.hasReceived(3);
    await first.stop();
    await clients().close();
    await broker().kill9!();
    await broker().restart!();
    const after = new Clients(broker().brokers);
    try {
      await (await after.producer()).send({ topic, messages: [{ value: 'd' }] });
      const second = await RecordingConsumer.start(after, topic, { groupId });
      await second.hasReceived(1);
      expect(second.values).toEqual(['d']);
      expect(second.messages[0]!.offset).toBe('3');
    } finally {
      await after.close();
    }
  });
}
