import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { aCommand } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { actAlone, actTogether, EFFECTS, Shop, shopCommands } from '../../test/sample-participant';
import { orchestratorMigrations } from '../orchestrator';
import { participantMigrations } from '../participant';
import { renewPartitions } from '../participant/retention';
import { connectionConfig } from './connection-settings';
import { assertSession, SESSION_SETTINGS } from './session-settings';
import { SagaStore } from '../store';

/** For each setting that the library relies on, a database default that differs from it. */
const HOSTILE: Readonly<Record<keyof typeof SESSION_SETTINGS, string>> = {
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
  DateStyle: 'German',
  IntervalStyle: 'iso_8601',
  TimeZone: 'Asia/Kathmandu',
  bytea_output: 'escape',
  extra_float_digits: '-10',
  array_nulls: 'off',
  transform_null_equals: 'on',
  lock_timeout: '1',
  statement_timeout: '60000',
  synchronous_commit: 'off',
};

let servers: RealServers;

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

async function hostile(
  migrations: Parameters<RealServers['database']>[0],
  settings: Readonly<Record<string, string>>,
): Promise<string> {
  const url = await servers.database(migrations);
  const database = new URL(url).pathname.slice(1);
  for (const [name, value] of Object.entries(settings))
    await servers.administrate(`ALTER DATABASE ${database} SET ${name} = '${value}'`);
  return url;
}

async function withPool<T>(
  config: ConstructorParameters<typeof Pool>[0],
  work: (pool: Pool) => Promise<T>,
): Promise<T> {
  const pool = new Pool(config);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

it('tests every setting that the library relies on with its opposite', () =>
  expect(Object.keys(HOSTILE)).toEqual(Object.keys(SESSION_SETTINGS)));

describe.each(Object.entries(HOSTILE))('a database with the default %s=%s', (name, value) => {
  it('gives connections of the library the value that it relies on', async () => {
    const url = await hostile([], { [name]: value });
    await withPool(connectionConfig(url), (pool) => assertSession(pool));
  });

  it('fails the start, with the remedy, when a pooler prevents connections from setting it', async () => {
    const url = await hostile([], { [name]: value });
    await withPool(connectionConfig(url, { pooler: 'transaction' }), async (pool) => {
      await expect(assertSession(pool)).rejects.toThrow(`ALTER ROLE CURRENT_USER SET ${name} = `);
    });
  });
});

it('lets the options of the URL win, also over those of the planner', async () => {
  const url = new URL(await servers.database());
  url.searchParams.set('options', '-c synchronous_commit=remote_apply -c enable_seqscan=on ');
  const config = connectionConfig(url.href, {}, { enable_seqscan: 'off' });
  expect(config.options).not.toMatch(/\s$/);
  await withPool(config, async (pool) => {
    await assertSession(pool);
    const { rows } = await pool.query(`SELECT current_setting('synchronous_commit') AS commit,
                                              current_setting('enable_seqscan') AS scan`);
    expect(rows).toEqual([{ commit: 'remote_apply', scan: 'on' }]);
  });
});

it('a participant handles commands once, and maintains its partitions, whatever the defaults of its database are', async () => {
  const databaseUrl = await hostile(participantMigrations, HOSTILE);
  const shop = await ParticipantUnderTest.start({
    databaseUrl,
    connection: connectionConfig(databaseUrl),
    commands: shopCommands,
    controllers: [Shop],
  });
  await shop.sql(EFFECTS);
  const commands = [aCommand(actAlone, { item: 'lamp' }), aCommand(actTogether, { item: 'cup' })];
  await Promise.all([shop.deliver(...commands), shop.deliver(...commands)]);
  for (const command of commands) {
    expect(shop.repliesTo(command).map(({ outcome }) => outcome)).toEqual(['success', 'success']);
    expect(await shop.effectsOf(command)).toHaveLength(1);
  }
  await shop.stop();
});

it('partitions are created even when the application opens its connections differently', async () => {
  const { lock_timeout: _, ...others } = HOSTILE;
  const url = await hostile(participantMigrations, others);
  const source = await new DataSource({ type: 'postgres', url }).initialize();
  await renewPartitions(source, {});
  expect(await source.query(`SELECT FROM pg_inherits WHERE inhparent = 'inbox'::regclass`)).toHaveLength(6);
  await source.destroy();
});

it('the orchestrator reads the time, whatever the defaults of its database are', async () => {
  const store = new SagaStore({ database: await hostile(orchestratorMigrations, HOSTILE) }, console);
  const { now } = await store.read([]);
  expect(typeof now).toBe('number');
  await assertSession(store.pool);
  await store.close();
});
