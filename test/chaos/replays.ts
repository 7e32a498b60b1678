/* Replays the broker's messages in reverse order. */
import { Kafka, logLevel, Partitioners, type Message } from 'kafkajs';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { query } from '../end-to-end/books';
import { printLine } from './print-line';
import type { ShopUnderLoad } from './shop-under-load';

const TOPICS = /^(orchestrator\.replies\..*|(order|payment|inventory|orchestrator)\.commands)$/;
const AT_ONCE = 200;

/**
 * Replays this many of the latest commands and replies under load, and once more at rest, when nothing may change.
 * Returns the number of replayed messages.
 */
export async function replay(shop: ShopUnderLoad, most: number): Promise<number> {
  let sent = 0;
  await shop.during('messages redelivered in reverse order', async (load) => {
    await shop.moreOrders(load, 10);
    sent += await sayAgain(shop.shop.stack.brokers, most);
    await shop.moreOrders(load, 10);
  });
  const before = await effects(shop);
  sent += await sayAgain(shop.shop.stack.brokers, most);
  await shop.during('messages redelivered at rest', (load) => shop.moreOrders(load, 5));
  const after = await effects(shop);
  for (const [saga, those] of before)
    if (after.get(saga) !== those)
      throw new Error(`A replay changed the effects of ${saga}: ${those} to ${after.get(saga)}.`);
  printLine(`  ${sent} messages replayed`);
  return sent;
}

/** The effects of each saga in each service. */
async function effects({ shop: { databases } }: ShopUnderLoad): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const service of ['order', 'payment', 'inventory'] as const) {
    const rows = await query<{ saga: string; those: string }>(
      databases[service],
      `SELECT saga_id AS saga, string_agg(step || ' ' || direction, ',' ORDER BY step, direction) AS those
       FROM effects GROUP BY saga_id`,
    );
    for (const { saga, those } of rows) found.set(`${saga} in ${service}`, those);
  }
  return found;
}

async function sayAgain(brokers: readonly string[], most: number): Promise<number> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const said = (await allMessages(kafka)).slice(-most);
  for (let end = said.length; end > 0; end -= AT_ONCE) {
    const part = said.slice(Math.max(0, end - AT_ONCE), end).toReversed();
    const topics = [...new Set(part.map(({ topic }) => topic))];
    await producer.sendBatch({
      topicMessages: topics.map((topic) => ({ topic, messages: part.filter((each) => each.topic === topic) })),
      acks: -1,
    });
  }
  await producer.disconnect();
  return said.length;
}

type Said = Message & { readonly topic: string; readonly at: number };

/** In the order in which they were published. */
async function allMessages(kafka: Kafka): Promise<Said[]> {
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((name) => TOPICS.test(name));
  const offsets = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
  await admin.disconnect();
  const there = offsets.flat().reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  const consumer = kafka.consumer({ groupId: `replay-${uuidV7()}` });
  const said: Said[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, message: { key, value, headers, timestamp } }) =>
      void said.push({ topic, key, value, ...(headers ? { headers } : {}), at: Number(timestamp) }),
  });
  await waitUntil(`${there} messages to be read`, () => said.length >= there);
  await consumer.disconnect();
  return said.toSorted((a, b) => a.at - b.at);
}
