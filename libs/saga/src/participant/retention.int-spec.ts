import { DataSource } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { dayOf } from '../contract';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { Shop, shopCommands } from '../../test/sample-participant';
import { participantMigrations } from './migrations';
import { Retention, renewPartitions } from './retention';

const DAY_MS = 86_400_000;

let servers: RealServers;
let source: DataSource;

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

beforeEach(async () => {
  const url = await servers.database(participantMigrations);
  source = await new DataSource({ type: 'postgres', url }).initialize();
});

afterEach(() => source.destroy());

const idOfDay = (ahead: number): string => uuidV7({ msecs: Date.now() + ahead * DAY_MS });
const partitionOf = (id: string): string => `inbox_${dayOf(id).replaceAll('-', '')}`;
const near = [-1, 0, 1, 2, 3].map((ahead) => partitionOf(idOfDay(ahead)));

async function remember(id: string): Promise<void> {
  await source.query(`INSERT INTO inbox (day, id, outcome, reply) VALUES ($1, $2, 'success', '{}')`, [dayOf(id), id]);
}

async function placeOf(id: string): Promise<string | undefined> {
  const rows: { place: string }[] = await source.query(
    'SELECT tableoid::regclass::text AS place FROM inbox WHERE id = $1',
    [id],
  );
  return rows[0]?.place;
}

async function partitions(): Promise<string[]> {
  const rows: { name: string }[] = await source.query(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'inbox'::regclass ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

async function makePartition(ahead: number): Promise<string> {
  const [from, to] = [idOfDay(ahead), idOfDay(ahead + 1)];
  await source.query(
    `CREATE TABLE ${partitionOf(from)} PARTITION OF inbox FOR VALUES FROM ('${dayOf(from)}') TO ('${dayOf(to)}')`,
  );
  return partitionOf(from);
}

describe('the maintenance of the inbox partitions', () => {
  it('creates partitions for yesterday and the coming days', async () => {
    expect(await renewPartitions(source, {})).toEqual([]);
    expect(await partitions()).toEqual([...near, 'inbox_rest']);
    const today = idOfDay(0);
    await remember(today);
    expect(await placeOf(today)).toBe(partitionOf(today));
  });

  it('can run in several instances at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => renewPartitions(source, {})));
    expect(await partitions()).toEqual([...near, 'inbox_rest']);
  });

  it('drops partitions after the retention time, and only then', async () => {
    const kept = await makePartition(-4);
    const past = [await makePartition(-6), await makePartition(-5)];
    expect(await renewPartitions(source, { inboxDays: 4 })).toEqual(past);
    expect(await partitions()).toEqual([kept, ...near, 'inbox_rest']);
  });

  // NServiceBus.Persistence.Sql issue 778: a DELETE of old rows deadlocked with writers.
  it('drops partitions during writing transactions without making any of them fail', async () => {
    const past = [await makePartition(-20), await makePartition(-19)];
    let written = 0;
    const renewed = new AbortController();
    const writers = Array.from({ length: 3 }, async () => {
      while (!renewed.signal.aborted) {
        await source.transaction(async (tx) => {
          for (const ahead of [0, 2, -1]) {
            const id = idOfDay(ahead);
            await tx.query(`INSERT INTO inbox (day, id, outcome) VALUES ($1, $2, 'claimed')`, [dayOf(id), id]);
          }
        });
        written += 3;
      }
    });
    await waitUntil('the writers write', () => written > 30);
    expect(await renewPartitions(source, {}).finally(() => renewed.abort())).toEqual(past);
    await Promise.all(writers);
    const [row]: { count: number }[] = await source.query('SELECT count(*)::int AS count FROM inbox');
    expect(row?.count).toBe(written);
  });

  it('waits briefly for a transaction that stays open, and drops the partitions the next time', async () => {
    const past = await makePartition(-20);
    const runner = source.createQueryRunner();
    await runner.startTransaction();
    const id = idOfDay(0);
    await runner.query(`INSERT INTO inbox (day, id, outcome) VALUES ($1, $2, 'claimed')`, [dayOf(id), id]);
    await expect(renewPartitions(source, {})).rejects.toThrow('lock timeout');
    await runner.commitTransaction();
    await runner.release();
    expect(await renewPartitions(source, {})).toEqual([past]);
  });

  it.each(['ACCESS SHARE', 'ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE'])(
    'lets a service start while a transaction, such as a backup, holds an %s lock, and creates the partitions later',
    async (mode) => {
      const backup = source.createQueryRunner();
      await backup.startTransaction();
      await backup.query(`LOCK TABLE inbox IN ${mode} MODE`);
      const databaseUrl = String((source.options as { url?: string }).url);
      const shop = await ParticipantUnderTest.start({ databaseUrl, commands: shopCommands, controllers: [Shop] });
      const log = new RecordingLog();
      const retention = new Retention(source, {}, log, 50);
      await retention.start();
      const said = 'cannot create and drop partitions of the inbox, trying again';
      await waitUntil('the log says so', () => log.lines.join().includes(said));
      expect(await partitions()).toEqual(['inbox_rest']);
      await backup.commitTransaction();
      await backup.release();
      await waitUntil('the partitions exist', async () => (await partitions()).length === 6);
      await retention.stop();
      await shop.stop();
    },
  );

  it('moves rows that arrived for their day before its partition existed', async () => {
    const [early, tomorrow, later] = [idOfDay(2), idOfDay(1), idOfDay(9)];
    for (const id of [early, tomorrow, later]) await remember(id);
    expect(await placeOf(early)).toBe('inbox_rest');
    await renewPartitions(source, {});
    expect(await placeOf(early)).toBe(partitionOf(early));
    expect(await placeOf(tomorrow)).toBe(partitionOf(tomorrow));
    expect(await placeOf(later)).toBe('inbox_rest');
    await expect(remember(early)).rejects.toThrow('duplicate key');
  });
});
