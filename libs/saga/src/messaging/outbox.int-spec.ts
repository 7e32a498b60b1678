import { Pool, type PoolClient } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { participantMigrations } from '../participant';
import { HandTransport } from '../../test/hand-transport';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { instantOf } from '../contract';
import { Outbox } from './outbox';
import { Relay, Sweeper } from './relay';
import { inTransaction } from './sql';

const TOPIC = 'orchestrator.commands';
const OLD_MS = Date.now() - 60_000;
/** What was written then stays young for as long as a test takes. */
const IN_AN_HOUR_MS = Date.now() + 3_600_000;

let servers: RealServers;
let pool: Pool;
let transport: HandTransport;
let log: RecordingLog;
const sweepers: Sweeper[] = [];

beforeAll(async () => {
  servers = await RealServers.start({ postgres: 'own' });
  pool = servers.pool(await servers.database(participantMigrations));
});

afterAll(() => servers?.stop());

beforeEach(async () => {
  await pool.query('TRUNCATE outbox');
  transport = new HandTransport();
  log = new RecordingLog();
});

afterEach(async () => {
  await transport.close();
  await Promise.all(sweepers.splice(0).map((sweeper) => sweeper.stop()));
});

/** Rows as old as their ids. */
async function write(...ids: string[]): Promise<string[]> {
  for (const id of ids) await pool.query(new Outbox().insertion, [id, TOPIC, 'key', JSON.stringify({ id })]);
  for (const id of ids) {
    await pool.query('UPDATE outbox SET created_at = to_timestamp($2 / 1000.0) WHERE id = $1', [id, instantOf(id)]);
  }
  return ids;
}

let written = 0;
/** An id made a minute ago, later than the ones before it. */
const oldId = (): string => uuidV7({ msecs: OLD_MS, seq: (written += 1) });
const oldRows = (count: number): Promise<string[]> => write(...Array.from({ length: count }, oldId));
const sent = (): string[] => transport.sent<{ id: string }>(TOPIC).map(({ id }) => id);

async function unsent(): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM outbox ORDER BY id');
  return rows.map(({ id }) => id);
}

const isEmpty = (): Promise<true> =>
  waitUntil('the outbox is empty', async () => (await unsent()).length === 0, { everyMs: 10 });

const allAreSent = (ids: readonly string[]): Promise<true> =>
  waitUntil('all are sent', () => ids.every((id) => sent().includes(id)), { everyMs: 5 });

function sweep(from: Pool = pool): Sweeper {
  const sweeper = new Sweeper(from, transport, log, { everyMs: 10 });
  sweepers.push(sweeper);
  sweeper.start();
  return sweeper;
}

/** What nobody waits for stays off the disk meanwhile. */
async function withoutWalWriter(work: () => Promise<void>): Promise<void> {
  const { rows } = await pool.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'`,
  );
  const pid = rows[0]?.pid ?? Number.NaN;
  process.kill(pid, 'SIGSTOP');
  try {
    await work();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

/** Ends every connection that this test's pool has open. */
async function terminateConnections(): Promise<void> {
  await servers.cutConnections();
}

describe('the sweeper', () => {
  it('sends rows older than two seconds, oldest first, and deletes them', async () => {
    const ids = await oldRows(3);
    sweep();
    await isEmpty();
    expect(sent()).toEqual(ids);
  });

  it('leaves a command that is being resent under its old id to the relay', async () => {
    const again = oldId();
    await pool.query(new Outbox().insertion, [again, TOPIC, 'key', JSON.stringify({ id: again })]);
    await pool.query('UPDATE outbox SET created_at = $2 WHERE id = $1', [again, new Date(IN_AN_HOUR_MS)]);
    const [old] = await oldRows(1);
    sweep();
    await waitUntil('the old row is swept', () => sent().length > 0);
    expect(sent()).toEqual([old]);
  });

  it('leaves younger rows to the relay', async () => {
    const [young] = await write(uuidV7({ msecs: IN_AN_HOUR_MS }));
    const [old] = await oldRows(1);
    sweep();
    await waitUntil('the old row is swept', () => sent().length > 0);
    await waitUntil('the old row is deleted', async () => (await unsent()).length === 1);
    expect(sent()).toEqual([old]);
    expect(await unsent()).toEqual([young]);
  });

  it('sends nothing before its commit is flushed to disk, even when the commit did not wait for that', async () => {
    const publish = transport.publish.bind(transport);
    let written = '';
    let onDisk: boolean | undefined;
    transport.publish = async (messages) => {
      const { rows } = await pool.query<{ yes: boolean }>('SELECT pg_current_wal_flush_lsn() >= $1 AS yes', [written]);
      onDisk = rows[0]?.yes;
      await publish(messages);
    };
    await withoutWalWriter(async () => {
      await inTransaction(pool, async (client) => {
        await client.query('SET LOCAL synchronous_commit = off');
        const insert = `INSERT INTO outbox (id, topic, key, payload, created_at) VALUES ($1, $2, 'key', '{}', '2000-01-01')`;
        await client.query(insert, [oldId(), TOPIC]);
      });
      const { rows } = await pool.query<{ at: string }>('SELECT pg_current_wal_insert_lsn() AS at');
      written = rows[0]?.at ?? '';
      sweep();
      await isEmpty();
    });
    expect(onDisk).toBe(true);
  });

  it('selects by the age in the id, so that rows that commit late are not missed', async () => {
    await oldRows(1);
    sweep();
    await isEmpty();
    const [late] = await write(uuidV7({ msecs: OLD_MS - 60_000 }));
    await isEmpty();
    expect(sent().at(-1)).toBe(late);
  });

  it('sends each row once, however many sweepers run', async () => {
    const ids = await oldRows(40);
    // All of them hold the broker before any row is gone.
    transport.disconnect();
    sweep();
    await waitUntil('the first sweeper is at work', () => transport.waiting === 1);
    const more = await oldRows(2);
    sweep();
    await waitUntil('the second is at work, too', () => transport.waiting === 2);
    transport.reconnect();
    await isEmpty();
    expect(sent().toSorted()).toEqual([...ids, ...more].toSorted());
  });

  it('takes 500 rows at a time, however many there are', async () => {
    const ids = Array.from({ length: 1_100 }, oldId);
    await pool.query(
      `INSERT INTO outbox (id, topic, key, payload, created_at)
       SELECT id, $2, 'key', json_build_object('id', id)::text, now() - interval '1 minute' FROM unnest($1::uuid[]) AS id`,
      [ids, TOPIC],
    );
    const publish = jest.spyOn(transport, 'publish');
    sweep();
    await isEmpty();
    expect(publish.mock.calls.map(([messages]) => messages.length)).toEqual([500, 500, 100]);
    expect(new Set(sent())).toEqual(new Set(ids));
  });

  it('keeps the rows when it is stopped before the broker has them', async () => {
    const ids = await oldRows(2);
    transport.disconnect();
    const sweeper = sweep();
    await waitUntil('the sweeper is at work', () => transport.waiting === 1);
    const stopped = sweeper.stop();
    await transport.close();
    await stopped;
    expect(await unsent()).toEqual(ids);
  });

  it('backs off while the database is away', async () => {
    const unreachable = new Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 500 });
    const attempts: number[] = [];
    const connect = unreachable.connect.bind(unreachable) as (...asked: unknown[]) => Promise<PoolClient>;
    const counted = (...asked: unknown[]): unknown => (attempts.push(performance.now()), connect(...asked));
    Object.assign(unreachable, { connect: counted });
    const sweeper = sweep(unreachable);
    await waitUntil('it tried four times', () => attempts.length >= 4, { everyMs: 1 });
    const [, , third = 0, fourth = 0] = attempts;
    // After the third failure it waits for 800 ms.
    expect(fourth - third).toBeGreaterThan(750);
    await sweeper.stop();
    await unreachable.end();
  });

  it('survives that the database closes its connection while the broker is away', async () => {
    const [id] = await oldRows(1);
    transport.disconnect();
    sweep();
    await waitUntil('the sweeper is at work', () => transport.waiting === 1);
    await terminateConnections();
    transport.reconnect();
    await isEmpty();
    // Sent, but not deleted: it was sent again, with the same id.
    expect(new Set(sent())).toEqual(new Set([id]));
    expect(log.lines.join()).toContain('cannot sweep the outbox, trying again');
  });
});

describe('the outbox relay', () => {
  it('sends committed rows, and deletes them when their receiver acknowledges them', async () => {
    const ids = await write(uuidV7(), uuidV7());
    const relay = new Relay(pool, transport, { log });
    relay.publish(ids);
    await allAreSent(ids);
    expect(await unsent()).toEqual(ids);
    relay.acknowledge(ids);
    await isEmpty();
    expect(sent()).toEqual(ids);
  });

  it('never sends rows that were rolled back', async () => {
    const relay = new Relay(pool, transport, { log });
    const client = await pool.connect();
    const [lost, kept] = [uuidV7(), uuidV7()];
    await client.query('BEGIN');
    await client.query(new Outbox().insertion, [lost, TOPIC, 'key', JSON.stringify({ id: lost })]);
    await client.query('ROLLBACK');
    client.release();
    await write(kept);
    relay.publish([lost, kept]);
    await allAreSent([kept]);
    expect(sent()).toEqual([kept]);
  });

  it('sends nothing after a COMMIT that answered ROLLBACK', async () => {
    const relay = new Relay(pool, transport, { log });
    const client = await pool.connect();
    const lost = uuidV7();
    await client.query('BEGIN');
    await client.query(new Outbox().insertion, [lost, TOPIC, 'key', '{}']);
    await client.query('SELECT 1 / 0').catch(() => undefined);
    expect(await client.query('COMMIT')).toMatchObject({ command: 'ROLLBACK' });
    client.release();
    const [kept] = await write(uuidV7({ msecs: IN_AN_HOUR_MS }));
    relay.publish([lost]);
    relay.publish([kept!]);
    await allAreSent([kept!]);
    expect(sent()).toEqual([kept]);
  });

  it('leaves rows that it cannot send to the sweeper', async () => {
    const [id] = await write(uuidV7({ msecs: IN_AN_HOUR_MS }));
    const relay = new Relay(pool, transport, { log });
    transport.disconnect();
    relay.publish([id!]);
    await waitUntil('it waits for the broker', () => transport.waiting === 1);
    await transport.close();
    await waitUntil('it gives up', () => log.lines.some((line) => line.startsWith('left to the sweeper')));
    expect(await unsent()).toEqual([id]);
  });

  it('remembers a limited number of rows while the broker is away, and leaves the rest to the sweeper', async () => {
    const ids = await oldRows(20);
    const relay = new Relay(pool, transport, { log, mostWaiting: 5 });
    transport.disconnect();
    for (const id of ids) relay.publish([id]);
    await waitUntil('it waits for the broker', () => transport.waiting === 1);
    transport.reconnect();
    await allAreSent(ids.slice(0, 5));
    const [later] = await write(uuidV7({ msecs: IN_AN_HOUR_MS }));
    await waitUntil('there is room again', () => {
      relay.publish([later!]);
      return sent().includes(later!);
    });
    expect(new Set(sent())).toEqual(new Set([...ids.slice(0, 5), later]));
    sweep();
    await allAreSent(ids);
  });

  it('deletes acknowledged rows even when the first deletion failed', async () => {
    const ids = await write(uuidV7({ msecs: IN_AN_HOUR_MS }));
    const relay = new Relay(pool, transport, { log });
    relay.publish(ids);
    await allAreSent(ids);
    relay.acknowledge(ids);
    await pool.query('ALTER TABLE outbox RENAME TO hidden');
    await relay.tidy().catch(() => undefined);
    await pool.query('ALTER TABLE hidden RENAME TO outbox');
    await relay.tidy();
    expect(await unsent()).toEqual([]);
  });

  it('deletes acknowledged rows before its process ends', async () => {
    const ids = await write(uuidV7({ msecs: IN_AN_HOUR_MS }));
    const relay = new Relay(pool, transport, { log });
    relay.publish(ids);
    await allAreSent(ids);
    relay.acknowledge(ids);
    await relay.tidy();
    await isEmpty();
  });
});
