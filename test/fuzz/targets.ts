/* Orders that the fuzz may affect, and their messages on the broker. */
import { Kafka, logLevel, type KafkaMessage } from 'kafkajs';
import { v7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { anOrder, type ShopClient } from '../end-to-end/shop-client';
import type { Attributes, Document } from './documents';
import { standIn, withStandIns, type Target } from './stand-ins';

/** One stays unfinished for long; the others end as usual. */
const TOKENS = ['tok_ok', 'tok_declined', 'tok_flaky_2', 'tok_expiring', 'tok_ok'];
const UNANSWERED = { 'x-saga-fault': 'payment.authorize=drop-reply;count=3;every=yes' };

/** Places one order of each kind; resolves when each has sent a command. */
export async function placeTargets(shop: ShopClient): Promise<Target[]> {
  const targets: Target[] = [];
  for (const [n, paymentToken] of TOKENS.entries()) {
    const order = anOrder({ customerId: 'fuzz', paymentToken });
    const headers = n === 0 ? UNANSWERED : {};
    const { orderId, sagaId } = await waitUntil('a target to be accepted', () => taken(shop, order, headers));
    targets.push(await waitUntil(`saga ${sagaId} to send a command`, () => targetOf(shop, orderId, sagaId)));
  }
  return targets;
}

async function taken(shop: ShopClient, order: unknown, headers: Record<string, string>) {
  const { status, body } = await shop.place(order, headers);
  return status === 202 && body;
}

async function targetOf(shop: ShopClient, orderId: string, sagaId: string): Promise<Target | undefined> {
  const { history } = await shop.saga(sagaId);
  const commandId = history.flatMap(({ sent }) => sent).at(-1)?.commandId;
  return commandId === undefined ? undefined : { orderId, sagaId, commandId };
}

/** One message of each kind that the services sent for these orders, in the same order in every run. */
export async function observe(brokers: readonly string[], targets: readonly Target[]): Promise<Document[]> {
  const said = await readAll(brokers);
  const documents = new Map<string, Document>();
  for (const { topic, value } of said) {
    const json = withStandIns(String(value), targets);
    if (json === String(value)) continue;
    const says = JSON.parse(json) as Attributes;
    const what = [topic, says['type'], says['sagastep'], says['sagadirection'], says['outcome']]
      .filter(Boolean)
      .join(' ');
    documents.set(what, { what: `observed ${what}`, topic, says: (n) => again(says, n) });
  }
  return [...documents.values()].toSorted((a, b) => (a.what < b.what ? -1 : 1));
}

/** Every second one exactly as observed, the others with new ids. */
function again(says: Attributes, n: number): Attributes {
  const renewed = n % 2 === 0 ? {} : { id: standIn('fresh', n) };
  return { ...says, ...renewed, ...(says['inreplyto'] === undefined ? {} : { inreplyto: standIn('command', n) }) };
}

async function readAll(brokers: readonly string[]): Promise<(KafkaMessage & { topic: string })[]> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((name) => !name.startsWith('__'));
  const offsets = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
  await admin.disconnect();
  const there = offsets.flat().reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  const said: (KafkaMessage & { topic: string })[] = [];
  const consumer = kafka.consumer({ groupId: `fuzz-${v7()}` });
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, message }) => void said.push({ ...message, topic }),
  });
  await waitUntil(`${there} messages to be read`, () => said.length >= there);
  await consumer.disconnect();
  return said;
}
