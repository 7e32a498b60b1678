import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { accepts } from '../ports';
import { isAlive } from '../processes/left-over';
import { CONNECTIONS_PER_ROLE } from './databases';
import { EmbeddedPostgres } from './embedded-postgres';

const databases = ['palinode_order', 'palinode_payment', 'palinode_inventory'];

describe('the embedded PostgreSQL', () => {
  let directory: string;
  let postgres: EmbeddedPostgres;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'palinode-postgres-test-'));
    postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres'), databases });
  });
  afterAll(async () => {
    await postgres?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it.each(databases)('gives %s a database that its role owns', async (name) => {
    await query(postgres.url(name), 'CREATE TABLE IF NOT EXISTS mine (id int)');
    expect(await query(postgres.url(name), 'SELECT current_database() AS database')).toEqual([{ database: name }]);
  });

  it('denies each role access to the databases of others', async () => {
    const foreign = postgres.url('palinode_order').replace(/[^/]+$/, 'palinode_payment');
    await expect(query(foreign, 'SELECT 1')).rejects.toThrow(/permission denied for database/);
    const maintenance = postgres.url('palinode_order').replace(/[^/]+$/, 'postgres');
    await expect(query(maintenance, 'SELECT 1')).rejects.toThrow(/permission denied for database/);
  });

  it('limits the connections of each role, so that the others keep theirs', async () => {
    const clients: Client[] = [];
    const connect = async (role: string): Promise<void> => {
      const client = new Client({ connectionString: postgres.url(role) });
      client.on('error', () => {});
      await client.connect();
      clients.push(client);
    };
    for (let n = 0; n < CONNECTIONS_PER_ROLE; n += 1) await connect('palinode_order');
    await expect(connect('palinode_order')).rejects.toThrow(/too many connections for role/);
    for (const name of databases.filter((each) => each !== 'palinode_order')) await connect(name);
    const limits = await query(
      postgres.adminUrl,
      `SELECT rolname FROM pg_roles WHERE rolname LIKE 'palinode%' AND rolconnlimit < 0`,
    );
    expect(limits).toEqual([]);
    await Promise.all(clients.map((client) => client.end()));
  });

  it('rejects a wrong password', async () => {
    const wrong = postgres.url('palinode_order').replace(/:[0-9a-f]+@/, ':wrong@');
    await expect(query(wrong, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  it('runs with fsync and synchronous commit on', async () => {
    expect(await query(postgres.adminUrl, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    expect(await query(postgres.adminUrl, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  });

  it('keeps committed data when it is killed', async () => {
    const url = postgres.url('palinode_order');
    await query(url, 'CREATE TABLE survives AS SELECT 1 AS id');
    await postgres.kill();
    expect(postgres.pid).toBeUndefined();
    await postgres.restart();
    expect(await query(url, 'SELECT id FROM survives')).toEqual([{ id: 1 }]);
  });

  it('stops a server that a killed run left behind in its directory', async () => {
    const abandonedPid = postgres.pid as number;
    const next = await EmbeddedPostgres.start({ directory: join(directory, 'postgres'), databases });
    expect(isAlive(abandonedPid)).toBe(false);
    expect(next.pid).not.toBe(abandonedPid);
    postgres = next;
  });

  it('names the port that is already in use', async () => {
    const other = EmbeddedPostgres.start({ directory: join(directory, 'other'), port: postgres.port, databases });
    await expect(other).rejects.toThrow(`port ${postgres.port} is taken`);
  });

  it('leaves no process behind when it is stopped', async () => {
    const { pid, port } = postgres;
    await postgres.stop();
    expect(isAlive(pid as number)).toBe(false);
    expect(await accepts(port)).toBe(false);
  });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  // A restart of the server closes idle connections, so each test opens its own.
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
