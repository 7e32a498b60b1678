import { ADVISORY_LOCKS, connectionConfig, PipelinedClient } from '@palinode/saga/participant';
import { SharedPostgres } from '@palinode/test-support/postgres/shared-postgres';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { Client } from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { migrate } from './migrate';

class CreateFirst1000000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE first (id int)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE first');
  }
}

class ChangeOld1000000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE old ADD COLUMN more int');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE old DROP COLUMN more');
  }
}

class Fill1000000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE filled AS SELECT 1 AS n FROM (SELECT pg_sleep(1) OFFSET 0) AS slowly');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE filled');
  }
}

let source: DataSource;
let backup: Client;
let url: string;
let lines: string[];
const log = { warn: (line: string): void => void lines.push(line) };
const tables = async (): Promise<unknown> =>
  (
    await source.query(`SELECT to_regclass('first') IS NOT NULL AS first, count(*)::int AS columns
                         FROM pg_attribute WHERE attrelid = 'old'::regclass AND attnum > 0`)
  )[0];

/** A session that has read the table that the migrations change, with its transaction open. */
beforeEach(async () => {
  lines = [];
  url = await SharedPostgres.connect().databaseOf('palinode_order');
  const migrations = [CreateFirst1000000000000, ChangeOld1000000000001];
  source = await new DataSource({ type: 'postgres', url, migrations, extra: { Client: PipelinedClient } }).initialize();
  await source.query('CREATE TABLE old (id int)');
  backup = new Client({ connectionString: url, application_name: 'backup' });
  await backup.connect();
  await backup.query('BEGIN');
  await backup.query('TABLE old');
});
afterEach(async () => {
  await backup?.end();
  await source?.destroy();
});

it('names the holder of a lock that migrations wait for, and runs them when it is free', async () => {
  const migrating = migrate(source, { log });
  const named =
    /The migrations wait for a lock that is held by process \d+ of the role palinode_order \(backup\), idle in transaction, .*: TABLE old/;
  await Promise.race([migrating, waitUntil('the wait is logged', () => lines.some((line) => named.test(line)))]);
  await backup.query('COMMIT');
  await migrating;
  expect(await tables()).toEqual({ first: true, columns: 2 });
});

it('releases other sessions between attempts of blocked migrations, and ends the start with the name of the lock holder', async () => {
  const migrating = migrate(source, { log, lockWaitMs: 1, tries: 3, retryAfterMs: 1 });
  await expect(migrating).rejects.toThrow(
    /gave up after 3 attempts to get a lock that is held by process \d+ of the role palinode_order \(backup\).*TABLE old\. Wait/,
  );
  expect(lines.filter((line) => line.startsWith('The migrations release other sessions'))).toHaveLength(2);
  // The blocked migrations leave neither tables nor locks behind.
  expect(await tables()).toEqual({ first: false, columns: 1 });
});

it('retries after a deadlock with a session that locks the tables in another order', async () => {
  // As the administrator, who may set the time after which a session looks for deadlocks.
  const connectionString = await SharedPostgres.connect().database();
  class LockBoth1000000000003 extends ChangeOld1000000000001 {
    override async up(runner: QueryRunner): Promise<void> {
      await super.up(runner);
      await runner.query('SELECT pg_advisory_xact_lock(1)');
      await runner.query('ALTER TABLE other ADD COLUMN more int');
    }
  }
  const both = new DataSource({ type: 'postgres', url: connectionString, migrations: [LockBoth1000000000003] });
  const [controller, other] = [new Client({ connectionString }), new Client({ connectionString })];
  const waits = async (query: string): Promise<boolean> => {
    const { rowCount } = await controller.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query = $1`,
      [query],
    );
    return rowCount === 1;
  };
  try {
    await Promise.all([controller.connect(), other.connect(), both.initialize()]);
    await controller.query('CREATE TABLE old (id int); CREATE TABLE other (id int); SELECT pg_advisory_lock(1)');
    const migrating = migrate(both, { log, lockWaitMs: 600_000, retryAfterMs: 1 });
    await waitUntil('the migration has the first table', () => waits('SELECT pg_advisory_xact_lock(1)'));
    // Only the migrations look for deadlocks, so theirs is the transaction that is ended.
    await other.query(`BEGIN; SET LOCAL deadlock_timeout = '1h'; TABLE other`);
    const reading = other.query('TABLE old');
    await waitUntil('the other session waits for it', () => waits('TABLE old'));
    await controller.query('SELECT pg_advisory_unlock(1)');
    await reading;
    await other.query('COMMIT');
    await migrating;
    expect(lines).toContainEqual(expect.stringContaining('in turn waits for them (a deadlock)'));
    const { rows } = await controller.query(
      `SELECT relname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE attname = 'more' ORDER BY 1`,
    );
    expect(rows).toEqual([{ relname: 'old' }, { relname: 'other' }]);
  } finally {
    await Promise.all([controller.end(), other.end(), both.destroy()]);
  }
});

it('waits for the migrations of another instance beyond the limit for locks', async () => {
  await backup.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.migrations]);
  const migrating = migrate(source, { log, lockWaitMs: 1, tries: 1 });
  await Promise.race([migrating, waitUntil('the wait is logged', () => lines.length > 0)]);
  await backup.query('COMMIT');
  await migrating;
  expect(await tables()).toEqual({ first: true, columns: 2 });
});

it('exempts migrations from the query timeout', async () => {
  const extra = connectionConfig(url, { queryTimeoutMs: 300 });
  const slow = new DataSource({ type: 'postgres', url, migrations: [Fill1000000000002], extra });
  await waitUntil('it is connected', () => slow.initialize().catch(() => undefined));
  try {
    await migrate(slow, { log });
    expect(await source.query('SELECT count(*)::int AS n FROM filled')).toEqual([{ n: 1 }]);
    await expect(slow.query('SELECT pg_sleep(60)')).rejects.toThrow('the database gave no answer for 300 ms');
  } finally {
    await slow.destroy();
  }
});
