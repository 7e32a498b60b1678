/*
 * Two whole shops on one broker, separated by the prefixes of their topics. The services of the second create no topics: they
 * get those that `npm run topics` prints, and the one that the orchestrator's log then asks for.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topicsOf } from '@palinode/saga/contract';
import { neededTopics, type NeededTopic } from '@palinode/saga/asyncapi';
import { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { Client } from 'pg';
import { shop as contracts } from '../../protocol/src/asyncapi/shop';
import { recordingGateway } from '../../apps/payment/test/gateway-books';
import { brokenBooksAtRest } from './books';
import { anOrder, ShopClient, type OrderView } from './shop-client';

const [CREATING, GIVEN] = ['staging.', 'trial.'] as const;
const PREFIXES = [CREATING, GIVEN];
const ORDERS = 12;
const WAIT = { prefer: 'wait=20' };

interface PrefixedShop {
  readonly prefix: string;
  readonly stack: Stack;
  readonly shop: ShopClient;
}

let directory: string;
const shops: PrefixedShop[] = [];
/** The topics of the second shop. */
const given = neededTopics({ ...contracts, topics: topicsOf({ prefix: GIVEN }) });

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palinode-prefixes-'));
  const first = await startShop(CREATING, 'embedded');
  await withAdmin(first.brokers, (admin) => create(admin, given));
  const [second] = await Promise.all([
    startShop(GIVEN, { brokers: first.brokers }, { KAFKA_CREATE_TOPICS: 'false' }),
    createClaim(first.brokers),
  ]);
  shops.push(...[first, second].map((stack, at) => ({ prefix: PREFIXES[at]!, stack, shop: ShopClient.of(stack) })));
});

function startShop(
  prefix: string,
  broker: 'embedded' | { readonly brokers: readonly string[] },
  more: Record<string, string> = {},
): Promise<Stack> {
  const own = join(directory, prefix);
  const environment = { KAFKA_TOPIC_PREFIX: prefix, LIFECYCLE_EVENTS: 'on', ...more, ...recordingGateway(own) };
  return Stack.start({ directory: own, broker, environment });
}

async function withAdmin<T>(brokers: readonly string[], work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function create(admin: Admin, topics: readonly NeededTopic[]): Promise<void> {
  await admin.createTopics({
    topics: topics.map(({ name, partitions }) => ({ topic: name, numPartitions: partitions })),
  });
}

/** Creates the topic that the orchestrator names when it ends; it is then started again. */
async function createClaim(brokers: readonly string[]): Promise<void> {
  const log = join(directory, GIVEN, 'logs/orchestrator.log');
  const named = (): string | undefined =>
    existsSync(log) ? /--create \S+ --topic (\S+\.database\.\S+)/.exec(readFileSync(log, 'utf8'))?.[1] : undefined;
  await waitUntil('the orchestrator asks for a topic', () => named() !== undefined);
  await withAdmin(brokers, (admin) => admin.createTopics({ topics: [{ topic: named()! }] }));
}

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
  await withAdmin(shops[0]!.stack.brokers, async (admin) => {
    const { groups } = await admin.listGroups();
    const names = [...(await admin.listTopics()), ...groups.map(({ groupId }) => groupId)];
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !PREFIXES.some((prefix) => name.startsWith(prefix)))).toEqual([]);
  });
});

it('prints for those who create topics exactly the topics that a shop creates itself', async () => {
  const existing = await withAdmin(shops[0]!.stack.brokers, (admin) => admin.listTopics());
  const of = (prefix: string): string[] =>
    existing
      .filter((topic) => topic.startsWith(prefix) && !topic.includes('.database.'))
      .map((topic) => topic.slice(prefix.length))
      .toSorted();
  const printed = given.map(({ name }) => name.slice(GIVEN.length)).toSorted();
  expect(of(CREATING)).toEqual(printed);
  expect(of(GIVEN)).toEqual(printed);
});
