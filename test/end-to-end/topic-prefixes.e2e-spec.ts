/* Two whole shops on one broker, separated by the prefixes of their topics. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from '@palinode/test-support/shop/stack';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { recordingGateway } from '../../apps/payment/test/gateway-books';
import { brokenBooksAtRest } from './books';
import { anOrder, ShopClient, type OrderView } from './shop-client';

const PREFIXES = ['staging.', 'trial.'] as const;
const ORDERS = 12;
const WAIT = { prefer: 'wait=20' };

interface PrefixedShop {
  readonly prefix: string;
  readonly stack: Stack;
  readonly shop: ShopClient;
}

let directory: string;
const shops: PrefixedShop[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palinode-prefixes-'));
  for (const prefix of PREFIXES) {
    const [first] = shops;
    const own = join(directory, prefix);
    const stack = await Stack.start({
      directory: own,
      broker: first ? { brokers: first.stack.brokers } : 'embedded',
      environment: { KAFKA_TOPIC_PREFIX: prefix, LIFECYCLE_EVENTS: 'on', ...recordingGateway(own) },
    });
    shops.push({ prefix, stack, shop: ShopClient.of(stack) });
  }
});

afterAll(async () => {
  // The broker belongs to the first shop.
  for (const { stack } of shops.toReversed()) await stack.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function rowsOf<Row>(database: string, query: string): Promise<Row[]> {
  const client = new Client({ connectionString: database });
  await client.connect();
  try {
    return (await client.query(query)).rows as Row[];
  } finally {
    await client.end();
  }
}

/** The charges of this shop's customers, by order. */
async function chargedIn({ stack }: PrefixedShop): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    stack.databases.payment,
    `SELECT order_id AS id FROM card_authorization WHERE status = 'CAPTURED'`,
  );
  return rows.map(({ id }) => id).toSorted();
}

it('keeps the orders of two shops with topic prefixes on one broker apart', async () => {
  const placed = await Promise.all(
    shops.map(({ shop }) => Promise.all(Array.from({ length: ORDERS }, () => shop.place(anOrder(), WAIT)))),
  );
  for (const [index, shop] of shops.entries()) {
    const orders: OrderView[] = (placed[index] ?? []).map(({ body }) => body);
    expect(orders.map(({ status }) => status)).toEqual(orders.map(() => 'APPROVED'));
    const { stack } = shop;
    const accepted = new Set(orders.map(({ orderId }) => orderId));
    expect(await brokenBooksAtRest(stack, accepted)).toEqual([]);
    const sagas = await rowsOf<{ id: string }>(stack.databases.orchestrator, `SELECT id FROM saga`);
    expect(sagas.map(({ id }) => id).toSorted()).toEqual(orders.map(({ sagaId }) => sagaId).toSorted());
    expect(await chargedIn(shop)).toEqual(orders.map(({ orderId }) => orderId).toSorted());
    expect(await rowsOf(stack.databases.orchestrator, 'SELECT FROM dead_letter')).toEqual([]);
  }
});

it('prefixes every topic and every group of two shops on one broker', async () => {
  const [first] = shops;
  const admin = new Kafka({ brokers: [...(first?.stack.brokers ?? [])], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const { groups } = await admin.listGroups();
    const names = [...(await admin.listTopics()), ...groups.map(({ groupId }) => groupId)];
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !PREFIXES.some((prefix) => name.startsWith(prefix)))).toEqual([]);
  } finally {
    await admin.disconnect();
  }
});
