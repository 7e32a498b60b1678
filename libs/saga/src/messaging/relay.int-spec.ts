import type { Pool } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { participantMigrations } from '../participant';
import { HandTransport } from '../../test/hand-transport';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { Outbox } from './outbox';
import { Relay, Resender, Sweeper } from './relay';

const TOPIC = 'orchestrator.commands';
const AT_ONCE = { afterMs: 0, everyMs: 10 };

let servers: RealServers;
let pool: Pool;
let transport: HandTransport;
let log: RecordingLog;
let relay: Relay;
const running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  servers = await RealServers.start();
  pool = servers.pool(await servers.database(participantMigrations));
});

afterAll(() => servers?.stop());

beforeEach(async () => {
  await pool.query('TRUNCATE outbox, unacknowledged');
  transport = new HandTransport();
  log = new RecordingLog();
  relay = new Relay(pool, transport, { log });
});

afterEach(async () => {
  await transport.close();
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

const sent = (): string[] => transport.sent<{ id: string }>(TOPIC).map(({ id }) => id);
const timesSent = (id: string): number => sent().filter((each) => each === id).length;

async function idsIn(table: 'outbox' | 'unacknowledged'): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(`SELECT id FROM ${table} ORDER BY id`);
  return rows.map(({ id }) => id);
}

async function written(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidV7());
  for (const id of ids) await pool.query(new Outbox().insertion, [id, TOPIC, 'key', JSON.stringify({ id })]);
  return ids;
}

async function published(count: number): Promise<string[]> {
  const ids = await written(count);
  relay.publish(ids);
  await waitUntil('all are sent', () => ids.every((id) => sent().includes(id)), { everyMs: 5 });
  return ids;
}

/** Published, without an acknowledgement, and due at once. */
async function overdue(count: number): Promise<string[]> {
  const ids = await published(count);
  await relay.keep(0, 0);
  expect(await idsIn('outbox')).toEqual([]);
  expect(await idsIn('unacknowledged')).toEqual(ids);
  return ids;
}

function resend(options = AT_ONCE, by = relay): void {
  const resender = new Resender(pool, transport, by, { log, ...options });
  running.push(resender);
  resender.start();
}

const nothingIsKept = (): Promise<true> =>
  waitUntil('nothing is kept', async () => (await idsIn('unacknowledged')).length === 0, { everyMs: 10 });

describe('an unacknowledged message', () => {
  it('is resent unchanged until it is acknowledged', async () => {
    const [id] = await overdue(1);
    resend();
    await waitUntil('it is sent again and again', () => timesSent(id!) >= 4, { everyMs: 5 });
    expect(new Set(transport.published.map(({ value }) => value))).toEqual(new Set([JSON.stringify({ id })]));
    relay.acknowledge([id!]);
    await nothingIsKept();
  });

  it('waits twice as long after each resend, up to an hour', async () => {
    const [id] = await overdue(1);
    const resendAfter = async (): Promise<number> => {
      const { rows } = await pool.query<{ s: number }>(
        'SELECT round(extract(epoch FROM due_at - clock_timestamp()))::int AS s FROM unacknowledged',
      );
      return rows[0]?.s ?? 0;
    };
    resend({ afterMs: 30_000, everyMs: 10 });
    for (const seconds of [60, 120, 240, 480, 960, 1920, 3600, 3600]) {
      await waitUntil('it has its time', async () => (await resendAfter()) > seconds * 0.9, { everyMs: 5 });
      expect(await resendAfter()).toBeLessThanOrEqual(seconds);
      await pool.query('UPDATE unacknowledged SET due_at = clock_timestamp() WHERE id = $1', [id]);
    }
  });

  it('is resent by one instance, however many run', async () => {
    const ids = await overdue(40);
    for (let n = 0; n < 4; n += 1) resend({ afterMs: 60_000, everyMs: 5 }, new Relay(pool, transport, { log }));
    await waitUntil('all are sent again', () => sent().length >= 80, { everyMs: 5 });
    expect(ids.map(timesSent)).toEqual(ids.map(() => 2));
  });

  it('leaves the outbox before the sweeper would take it for unsent', async () => {
    const [id] = await published(1);
    resend({ afterMs: 60_000, everyMs: 50 });
    await waitUntil('it is kept elsewhere', async () => (await idsIn('unacknowledged')).includes(id!));
    const { rows } = await pool.query<{ old: boolean }>(
      `SELECT due_at - interval '60 s' > clock_timestamp() - interval '1 s' AS old FROM unacknowledged`,
    );
    expect(rows).toEqual([{ old: true }]);
    expect(await idsIn('outbox')).toEqual([]);
    expect(timesSent(id!)).toBe(1);
  });

  it('is also kept when the sweeper sent it', async () => {
    const [id] = await written(1);
    await pool.query(`UPDATE outbox SET created_at = created_at - interval '1 minute'`);
    const sweeper = new Sweeper(pool, transport, log, {
      everyMs: 10,
      sent: (sql, ids) => new Outbox().storeUnacknowledged(sql, ids, 0),
    });
    running.push(sweeper);
    sweeper.start();
    await waitUntil('it is kept', async () => (await idsIn('unacknowledged')).includes(id!), { everyMs: 10 });
    resend();
    await waitUntil('it is sent again', () => timesSent(id!) > 1, { everyMs: 5 });
  });

  it('is kept when its process shuts down in order', async () => {
    const [id] = await published(1);
    await new Resender(pool, transport, relay, { log }).stop();
    expect(await idsIn('unacknowledged')).toEqual([id]);
  });
});

describe('an acknowledgement', () => {
  it('prevents every move and resend of its message when it comes soon', async () => {
    const ids = await published(20);
    relay.acknowledge(ids);
    await relay.keep(0, 0);
    expect(await idsIn('unacknowledged')).toEqual([]);
    await relay.tidy();
    expect(await idsIn('outbox')).toEqual([]);
  });

  it('counts also when another instance receives it', async () => {
    const early = await published(3);
    const late = await published(3);
    const other = new Relay(pool, transport, { log });
    other.acknowledge(early);
    await other.tidy();
    expect(await idsIn('outbox')).toEqual(late);
    await relay.keep(0, 0);
    other.acknowledge(late);
    await other.tidy();
    expect(await idsIn('unacknowledged')).toEqual([]);
  });

  it('changes nothing when it is repeated or names an unknown message', async () => {
    const [kept, gone] = await overdue(2);
    relay.acknowledge([gone!, uuidV7(), gone!]);
    relay.acknowledge([gone!]);
    await relay.tidy();
    expect(await idsIn('unacknowledged')).toEqual([kept]);
  });

  it('takes effect on its repetition when it meets the move of its row', async () => {
    const ids = await published(1);
    const client = await pool.connect();
    await client.query('BEGIN');
    await new Outbox().storeUnacknowledged(client, ids, 0);
    relay.acknowledge(ids);
    const tidied = relay.tidy();
    await client.query('COMMIT');
    client.release();
    await tidied;
    relay.acknowledge(ids);
    await nothingIsKept();
  });

  it('is not lost when the database statement fails', async () => {
    const ids = await overdue(1);
    await pool.query('ALTER TABLE unacknowledged RENAME TO hidden');
    relay.acknowledge(ids);
    await relay.tidy().catch(() => undefined);
    await pool.query('ALTER TABLE hidden RENAME TO unacknowledged');
    await relay.tidy();
    expect(await idsIn('unacknowledged')).toEqual([]);
  });
});

it('no message is lost when published messages cannot be moved', async () => {
  const ids = await published(2);
  await pool.query('ALTER TABLE unacknowledged RENAME TO hidden');
  await expect(relay.keep(0, 0)).rejects.toThrow('unacknowledged');
  await pool.query('ALTER TABLE hidden RENAME TO unacknowledged');
  expect(await idsIn('outbox')).toEqual(ids);
  await relay.keep(0, 0);
  expect(await idsIn('unacknowledged')).toEqual(ids);
});
