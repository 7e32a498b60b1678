import { OF_THIS_DATABASE } from '@palinode/test-support/postgres/shared-postgres';
import { EmbeddedKafka } from '@palinode/embedded-kafka';
import type { Pool, PoolClient } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { participantMigrations } from '../participant';
import { HandTransport } from '../../test/hand-transport';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { RecordingSubscriber } from '../../test/recording-subscriber';
import { ADVISORY_LOCKS } from './advisory-locks';
import { eventColumns, EventOutbox } from './event-outbox';
import { EventRelay } from './event-relay';
import { KafkaTransport } from './kafka/kafka-transport';
import type { Transport } from './transport';

const TOPIC = 'shop.events';

interface Noted {
  readonly key: string;
  readonly n: number;
}

let servers: RealServers;
let pool: Pool;
let transport: HandTransport;
const relays: EventRelay[] = [];

beforeAll(async () => {
  servers = await RealServers.start();
  pool = servers.pool(await servers.database(participantMigrations));
  await pool.query('CREATE TABLE counter (key text PRIMARY KEY, n int NOT NULL)');
});

afterAll(() => servers?.stop());

beforeEach(async () => {
  await pool.query('TRUNCATE event_outbox, counter');
  transport = new HandTransport();
});

afterEach(async () => {
  await transport.close();
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
});

function relay(over: Transport = transport): EventRelay {
  const started = new EventRelay(pool, over, { topic: TOPIC, log: new RecordingLog(), everyMs: 10 });
  relays.push(started);
  started.start();
  return started;
}

/** Writes an event without committing it. */
async function note(client: PoolClient | Pool, key: string, n: number): Promise<void> {
  const payload = JSON.stringify({ key, n } satisfies Noted);
  await client.query(new EventOutbox().insertion, eventColumns([{ id: uuidV7(), topic: TOPIC, key, payload }]));
}

async function begin(): Promise<PoolClient> {
  const client = await pool.connect();
  await client.query('BEGIN');
  return client;
}

async function commit(client: PoolClient): Promise<void> {
  await client.query('COMMIT');
  client.release();
}

const sent = (key?: string): number[] =>
  transport
    .sent<Noted>(TOPIC)
    .filter((each) => key === undefined || each.key === key)
    .map(({ n }) => n);

/** Without redelivered messages. */
const firstTimes = (numbers: readonly number[]): number[] => [...new Set(numbers)];

async function count(sql: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(sql);
  return rows[0]?.count ?? 0;
}

const unsent = (): Promise<number> => count('SELECT count(*)::int FROM event_outbox');
const waitingForAKey = (): Promise<number> =>
  count(
    `SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND ${OF_THIS_DATABASE} AND classid = ${ADVISORY_LOCKS.eventSubject} AND NOT granted`,
  );
const isEmpty = (): Promise<true> => waitUntil('the outbox is empty', async () => (await unsent()) === 0);

/** Ends the connection of the relay that leads, as the death of its process would. */
async function dethrone(): Promise<void> {
  await pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND ${OF_THIS_DATABASE} AND objid = ${ADVISORY_LOCKS.eventPublisher} AND granted`,
  );
}

describe('the event relay', () => {
  it('publishes committed events in their order, and deletes them once the broker has acknowledged them', async () => {
    for (const n of [1, 2, 3]) await note(pool, 'cup', n);
    relay();
    await isEmpty();
    expect(sent()).toEqual([1, 2, 3]);
  });

  it('reads 200 events at a time, however many there are', async () => {
    const rows = Array.from({ length: 450 }, (_, n) => ({
      id: uuidV7(),
      topic: TOPIC,
      key: 'cup',
      payload: JSON.stringify({ key: 'cup', n } satisfies Noted),
    }));
    await pool.query(new EventOutbox().insertion, eventColumns(rows));
    const publish = jest.spyOn(transport, 'publish');
    relay();
    await isEmpty();
    expect(publish.mock.calls.map(([messages]) => messages.length)).toEqual([200, 200, 50]);
    expect(sent()).toEqual(rows.map((_, n) => n));
  });

  it('does not publish events that are rolled back', async () => {
    const client = await begin();
    await note(client, 'cup', 1);
    await client.query('ROLLBACK');
    client.release();
    await note(pool, 'cup', 2);
    relay();
    await isEmpty();
    expect(sent()).toEqual([2]);
  });

  it('does not miss events that commit late', async () => {
    relay();
    const late = await begin();
    await note(late, 'cup', 1);
    await note(pool, 'mug', 2);
    await waitUntil('the other key is published', () => sent('mug').length === 1);
    await commit(late);
    await waitUntil('the late one is published', () => sent('cup').length === 1);
  });

  it('makes transactions on the same key wait for one another, so that events follow the order of the commits', async () => {
    const first = await begin();
    const second = await begin();
    await note(first, 'cup', 1);
    const waiting = note(second, 'cup', 2);
    await waitUntil('the second waits', async () => (await waitingForAKey()) === 1);
    await note(pool, 'mug', 3);
    relay();
    await waitUntil('another key does not wait', () => sent('mug').length === 1);
    await note(first, 'cup', 4);
    await commit(first);
    await waiting;
    await commit(second);
    await isEmpty();
    expect(sent('cup')).toEqual([1, 4, 2]);
  });

  it('publishes each event once, however many relays run', async () => {
    relay();
    relay();
    relay();
    for (let n = 1; n <= 50; n += 1) await note(pool, `key-${n % 5}`, n);
    await isEmpty();
    expect(sent().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
  });

  it('continues in another instance when the leader dies while the broker is away', async () => {
    relay();
    await note(pool, 'cup', 1);
    await waitUntil('the first is published', () => sent().length === 1);
    transport.disconnect();
    await note(pool, 'cup', 2);
    await waitUntil('the leader waits for the broker', () => transport.waiting === 1);
    await dethrone();
    relay();
    await note(pool, 'cup', 3);
    await waitUntil('the next leader waits as well', () => transport.waiting === 2);
    transport.reconnect();
    await isEmpty();
    expect(firstTimes(sent())).toEqual([1, 2, 3]);
    expect(sent().filter((n) => n === 2).length).toBeGreaterThan(1);
  });

  it('keeps unsent events when it is stopped', async () => {
    transport.disconnect();
    const stopped = relay();
    await note(pool, 'cup', 1);
    await waitUntil('the relay waits for the broker', () => transport.waiting === 1);
    await transport.close();
    await stopped.stop();
    expect(await unsent()).toBe(1);
  });

  it('leads again after the database has closed all connections', async () => {
    relay();
    await note(pool, 'cup', 1);
    await isEmpty();
    await servers.cutConnections();
    await waitUntil('another event is written', () => note(pool, 'cup', 2).then(() => true));
    await isEmpty();
    expect(firstTimes(sent())).toEqual([1, 2]);
  });
});

describe('several event relays over a broker that restarts', () => {
  const KEYS = 12;
  const EACH = 40;
  const opened: Transport[] = [];
  let kafka: EmbeddedKafka;

  beforeAll(async () => {
    kafka = await EmbeddedKafka.start({ directory: `${servers.directory}/kafka` });
  });

  afterAll(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await kafka?.close();
  });

  function connect(): KafkaTransport {
    const connected = new KafkaTransport({ brokers: [kafka.address] }, new RecordingLog());
    opened.push(connected);
    return connected;
  }

  async function restartBroker(): Promise<void> {
    const { port } = kafka;
    await kafka.close();
    kafka = await EmbeddedKafka.start({ directory: `${servers.directory}/kafka`, port });
  }

  /** Increments the counter of each key, with an event for each number; any process may do it for any key. */
  async function countUp(relayOfProcess: EventRelay): Promise<void> {
    for (let round = 0; round < EACH; round += 1) {
      for (let k = 0; k < KEYS; k += 1) {
        const client = await begin();
        const { rows } = await client.query<Noted>(
          `INSERT INTO counter VALUES ($1, 1) ON CONFLICT (key) DO UPDATE SET n = counter.n + 1 RETURNING key, n`,
          [`key-${k}`],
        );
        await note(client, `key-${k}`, rows[0]?.n ?? 0);
        await commit(client);
        relayOfProcess.trigger();
      }
    }
  }

  it('keeps the order of each key when relays and the broker die in between', async () => {
    const processes = Array.from({ length: 3 }, () => relay(connect()));
    const counted = { done: false };
    const counting = Promise.all(processes.map(countUp)).finally(() => (counted.done = true));
    for (let failures = 0; !counted.done || failures < 6; failures += 1) {
      await dethrone();
      if (failures % 3 === 0) await restartBroker();
      await waitUntil('something is published', async () => counted.done || (await unsent()) < KEYS * EACH);
    }
    await counting;
    await isEmpty();
    const reader = await RecordingSubscriber.start(connect(), { group: 'reader', topics: [TOPIC] });
    await waitUntil('everything is read', () => new Set(reader.values).size === KEYS * EACH * processes.length);
    await reader.stop();
    const read = reader.values.map((value) => JSON.parse(value) as Noted);
    for (let k = 0; k < KEYS; k += 1) {
      const numbers = firstTimes(read.filter(({ key }) => key === `key-${k}`).map(({ n }) => n));
      expect(numbers).toEqual(Array.from({ length: EACH * processes.length }, (_, n) => n + 1));
    }
  });
});
