/* Partitions are added to every topic of the shop while customers order. */
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { query } from '../end-to-end/books';
import { printLine } from './print-line';
import type { ShopUnderLoad } from './shop-under-load';

/** The topics that every order uses. */
const BUSY = /^((order|payment|inventory|orchestrator)\.commands|orchestrator\.replies\.(order|payment|inventory))$/;

/**
 * Doubles the partitions of all topics, and lets customers order until the new ones of each busy topic are in use. Returns how
 * many topics those are, and how many orders were rejected meanwhile because a service did not answer in time.
 */
export async function addPartitions(shop: ShopUnderLoad): Promise<{ topics: number; unansweredOrders: number }> {
  const { stack, databases } = shop.shop;
  const admin = new Kafka({ brokers: [...stack.brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const before = await unansweredOrders(databases.order);
  let topics = 0;
  try {
    await shop.during('added partitions', async (load) => {
      await shop.moreOrders(load, 20);
      const added = await double(admin);
      await shop.moreOrders(load, 20);
      for (const [topic, partitions] of added) {
        if (!BUSY.test(topic)) continue;
        await waitUntil(`the new partitions of ${topic} to be used`, () => areUsed(admin, topic, partitions));
        topics += 1;
      }
      await shop.moreOrders(load, 20);
    });
  } finally {
    await admin.disconnect();
  }
  printLine(`  ${topics} busy topics`);
  return { topics, unansweredOrders: (await unansweredOrders(databases.order)) - before };
}

/** Resolves with the number of partitions of each topic. */
async function double(admin: Admin): Promise<ReadonlyMap<string, number>> {
  const { topics } = await admin.fetchTopicMetadata({ topics: await admin.listTopics() });
  const counts = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  const topicPartitions = [...counts].map(([topic, count]) => ({ topic, count: 2 * count }));
  await admin.createPartitions({ topicPartitions });
  return counts;
}

/** Whether every partition from this number on has messages. */
async function areUsed(admin: Admin, topic: string, from: number): Promise<boolean> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets.filter(({ partition }) => partition >= from).every(({ high }) => high !== '0');
}

async function unansweredOrders(url: string): Promise<number> {
  const rows = await query<{ count: string }>(url, `SELECT count(*) FROM orders WHERE rejected_because = 'no-answer'`);
  return Number(rows[0]?.count);
}
