import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { IsInt } from 'class-validator';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { accepts, freePort } from '@palinode/testing-support/ports';
import { Child } from '@palinode/testing-support/processes/child';
import { migrate } from '@palinode/test-support/postgres/shared-postgres';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { Pool } from 'pg';
import { defineEvent } from '../contract';
import { aCommand } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { actAlone, actTogether, behave, EFFECTS, Shop, shopCommands } from '../../test/sample-participant';
import { orchestratorMigrations } from '../orchestrator';
import { Events, once, participantMigrations, type HandlerTimeout } from '../participant';
import { connectionConfig } from './connection-settings';
import { migrationsIn } from './table-migration';
import { join } from 'node:path';
import { SagaStore } from '../store';

class Noted {
  @IsInt() n!: number;
}
const noted = defineEvent('shop.noted', { payload: Noted, subject: ({ n }: Noted): string => String(n) });

const setup = { commands: shopCommands, events: [noted], controllers: [Shop] };

/** What a session has kept, as the next client of the pooler finds it. */
const KEPT = `
  SELECT current_setting('statement_timeout') AS timeout, current_setting('search_path') AS path,
         (SELECT count(*)::int FROM pg_prepared_statements) AS statements,
         (SELECT count(*)::int FROM pg_listening_channels()) AS channels,
         (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks`;
const SESSIONS = `SELECT count(*)::int AS sessions FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

/** What each session has kept that the pooler has to this database: as many transactions at once reach all of them. */
async function keptIn(pooled: string, sessions: number): Promise<unknown[]> {
  const pool = new Pool({ connectionString: pooled, max: sessions });
  const clients = await Promise.all(Array.from({ length: sessions }, () => pool.connect()));
  try {
    for (const client of clients) await client.query('BEGIN');
    return await Promise.all(clients.map(async (client) => (await client.query<object>(KEPT)).rows[0]));
  } finally {
    for (const client of clients) client.release(true);
    await pool.end();
  }
}

const found = spawnSync('pgbouncer', ['--version']).status === 0;
const missing = found ? undefined : 'pgbouncer is not installed: apt-get install pgbouncer.';

describeWhenAvailable('PgBouncer in transaction mode', missing, () => {
  let servers: RealServers;
  const bouncers: Child[] = [];
  let port: number;
  let portOfSessions: number;

  beforeAll(async () => {
    servers = await RealServers.start({ postgres: 'own' });
    [port, portOfSessions] = [await startBouncer('transaction'), await startBouncer('session')];
  });

  afterAll(async () => {
    for (const bouncer of bouncers) await bouncer.stop();
    await servers?.stop();
  });

  async function startBouncer(mode: 'transaction' | 'session'): Promise<number> {
    const listens = await freePort();
    const { directory, postgres } = servers;
    const users = join(directory, 'users.txt');
    const configuration = join(directory, `pgbouncer-${listens}.ini`);
    await writeFile(users, `"postgres" "${postgres.secret}"\n`, { mode: 0o644 });
    await writeFile(
      configuration,
      `[databases]\n* = host=127.0.0.1 port=${postgres.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n` +
        `listen_port = ${listens}\nunix_socket_dir =\nauth_type = trust\nauth_file = ${users}\n` +
        `pool_mode = ${mode}\ndefault_pool_size = 20\n`,
    );
    const user = process.getuid?.() === 0 ? ['--user', 'nobody'] : [];
    bouncers.push(await Child.start('pgbouncer', [...user, configuration], { name: 'pgbouncer', directory }));
    await waitUntil('PgBouncer listens', () => accepts(listens));
    return listens;
  }

  const through = (url: string, by = port): string => Object.assign(new URL(url), { port: String(by) }).href;

  function start(databaseUrl: string, handlerTimeout?: HandlerTimeout): Promise<ParticipantUnderTest> {
    const connection = connectionConfig(databaseUrl, { pooler: 'transaction' });
    return ParticipantUnderTest.start({
      ...setup,
      databaseUrl,
      connection,
      ...(handlerTimeout ? { handlerTimeout } : {}),
    });
  }

  it('handles commands once, in transactions of either kind', async () => {
    const shop = await start(through(await servers.database(participantMigrations)));
    await shop.sql(EFFECTS);
    let called = 0;
    const as = behave('calls a third party', (tx) => once(tx, 'only', async () => void (called += 1)));
    const commands = Array.from({ length: 60 }, (_, n) =>
      n % 2 ? aCommand(actAlone, { item: 'lamp', as }) : aCommand(actTogether, { item: 'lamp' }),
    );
    await Promise.all([shop.deliver(...commands), shop.deliver(...commands)]);
    for (const command of commands) expect(await shop.effectsOf(command)).toHaveLength(1);
    expect(called).toBe(30);
    await shop.stop();
  });

  it('cancels a statement of a handler that is too slow, in the session that runs it', async () => {
    const shop = await start(through(await servers.database(participantMigrations)), '1s');
    await shop.sql(EFFECTS);
    const as = behave('sleeps', (tx) => tx.query('SELECT pg_sleep(3600)'));
    const slow = aCommand(actAlone, { item: 'lamp', as });
    const [reply] = await shop.deliver(slow);
    expect(reply).toMatchObject({ outcome: 'failure', data: { reason: 'handler-timeout' } });
    expect(await shop.effectsOf(slow)).toEqual([]);
    const asleep = `SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(3600)' AND state = 'active'`;
    await waitUntil('no statement sleeps in the database', async () => (await shop.sql(asleep)).length === 0);
    await shop.stop();
  });

  it('leaves the lock of the event relay to the next instance', async () => {
    const url = through(await servers.database(participantMigrations));
    for (const n of [1, 2, 3]) {
      const shop = await start(url);
      await shop.source.transaction((tx) => shop.app.get(Events).publish(tx, noted, { n }));
      await waitUntil('the event is published', () => shop.transport.sent('shop.events').length > 0);
      await shop.stop();
    }
  });

  it('lets the orchestrator connect, and without the setting the connection is refused with the reason', async () => {
    const databaseUrl = through(await servers.database(orchestratorMigrations));
    const store = new SagaStore({ database: databaseUrl, connection: { pooler: 'transaction' } }, new RecordingLog());
    expect((await store.read([])).sagas.size).toBe(0);
    await store.close();
    const wrong = new SagaStore({ database: databaseUrl }, new RecordingLog());
    await expect(wrong.read([])).rejects.toThrow(/unsupported startup parameter/);
    await wrong.close();
  });

  it('fails the start of a DataSource that prepares statements, which this pooler does not keep, and names the remedy', async () => {
    const url = await servers.database(participantMigrations);
    const startWith = (connection: object, by = port): Promise<ParticipantUnderTest> =>
      ParticipantUnderTest.start({ ...setup, databaseUrl: through(url, by), connection });
    await expect(startWith({})).rejects.toThrow(/does not keep prepared statements. Give the DataSource `extra:/);
    await (await startWith(connectionConfig(through(url), { pooler: 'transaction' }))).stop();
    // One in session mode keeps them.
    await (await startWith({}, portOfSessions)).stop();
  });

  it('needs no search path for tables in a schema, nor a session for migrations, partitions and locks', async () => {
    const url = await servers.database();
    const location = { schema: 'palinode', tablePrefix: 'shop_' };
    const databaseUrl = through(url);
    await migrate(databaseUrl, migrationsIn(location, participantMigrations));
    const connection = connectionConfig(databaseUrl, { pooler: 'transaction' });
    const shop = await ParticipantUnderTest.start({ ...setup, databaseUrl, connection, location });
    await shop.sql(EFFECTS);
    const as = behave('limits its statements', (tx) =>
      tx.query(`SET LOCAL statement_timeout = '1h'; SET LOCAL search_path = public`),
    );
    const commands = Array.from({ length: 20 }, () => aCommand(actAlone, { item: 'lamp', as }));
    await shop.deliver(...commands);
    for (const command of commands) expect(await shop.effectsOf(command)).toHaveLength(1);
    await shop.stop();
    const [{ sessions }] = (await servers.pool(url).query<{ sessions: number }>(SESSIONS)).rows as [
      { sessions: number },
    ];
    const kept = await keptIn(databaseUrl, sessions);
    expect(kept.length).toBeGreaterThan(1);
    for (const each of kept)
      expect(each).toEqual({ timeout: '0', path: '"$user", public', statements: 0, channels: 0, locks: 0 });
  });

  it('fails the start when commits do not wait for the disk, and warns of limits on statements', async () => {
    const url = await servers.database(participantMigrations);
    const name = new URL(url).pathname.slice(1);
    const connection = connectionConfig(through(url), { pooler: 'transaction' });
    const log = new RecordingLog();
    const start = (): Promise<ParticipantUnderTest> =>
      ParticipantUnderTest.start({ ...setup, databaseUrl: through(url), connection, logger: log });
    await servers.administrate(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    await expect(start()).rejects.toThrow(/ALTER ROLE CURRENT_USER SET synchronous_commit = 'on'; or give/);
    await servers.administrate(`ALTER DATABASE ${name} RESET synchronous_commit`);
    await servers.administrate(`ALTER DATABASE ${name} SET statement_timeout = '30s'`);
    // Sessions that the pooler has open keep their settings.
    await servers.cutConnections();
    await (await start()).stop();
    expect(log.lines).toContainEqual(expect.stringMatching(/SET statement_timeout = '0'; or give its DataSource/));
  });
});
