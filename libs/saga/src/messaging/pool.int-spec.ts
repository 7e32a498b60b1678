import { Client, Pool, type ClientConfig, type PoolClient } from 'pg';
import { aCommand } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { actAlone, actTogether, EFFECTS, Shop, shopCommands } from '../../test/sample-participant';
import { participantMigrations } from '../participant';
import { queueStatements } from './pool';

let servers: RealServers;
/** How often node-postgres was given a statement while it kept a queue; it warns of that once per process. */
let warned = 0;

class WarningClient extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    const query = this.query.bind(this) as (...args: unknown[]) => unknown;
    const value = (...args: unknown[]): unknown => {
      if ((this as unknown as { _queryQueue: unknown[] })._queryQueue.length > 0) warned += 1;
      return query(...args);
    };
    Object.defineProperty(this, 'query', { value, configurable: true });
  }
}

beforeAll(async () => {
  servers = await RealServers.start();
});
afterAll(() => servers?.stop());

async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
    await pool.end();
  }
}

const three = (client: PoolClient): Promise<unknown[]> =>
  Promise.all([1, 2, 3].map(async (n) => (await client.query('SELECT $1::int AS n', [n])).rows[0] as unknown));

it('a participant on connections without pipelining causes no warning of node-postgres, while a plain pool does', async () => {
  const databaseUrl = await servers.database(participantMigrations);
  // It is counted here, and not printed.
  process.noDeprecation = true;
  try {
    await withClient(new Pool({ connectionString: databaseUrl, Client: WarningClient }), three);
  } finally {
    process.noDeprecation = false;
  }
  expect(warned).toBeGreaterThan(0);
  warned = 0;
  const shop = await ParticipantUnderTest.start({
    databaseUrl,
    connection: { Client: WarningClient },
    commands: shopCommands,
    controllers: [Shop],
  });
  try {
    await shop.sql(EFFECTS);
    const commands = [actAlone, actAlone, actTogether, actTogether].map((each) => aCommand(each, { item: 'lamp' }));
    const replies = await shop.deliver(...commands);
    expect(replies.map(({ outcome }) => outcome)).toEqual(['success', 'success', 'success', 'success']);
    expect(warned).toBe(0);
  } finally {
    await shop.stop();
  }
});

it('queued statements keep their order, and one that fails does not affect those after it', async () => {
  const pool = new Pool({ connectionString: await servers.database() });
  queueStatements(pool);
  await withClient(pool, async (client) => {
    expect(await three(client)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    const results = [client.query('CREATE TABLE t (n int)'), client.query('SELECT 1/0'), client.query('TABLE t')];
    expect((await Promise.allSettled(results)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    const called = await new Promise((resolve) => client.query('SELECT 7 AS n', (_error, { rows }) => resolve(rows)));
    expect(called).toEqual([{ n: 7 }]);
  });
});
