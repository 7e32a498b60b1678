import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { PipelinedClient } from '@palinode/saga/participant';
import { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { databaseNames } from '../shop/databases';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { TcpProxy, type ForwardingDecision } from './tcp-proxy';
import { PostgresSession, type Ending } from './postgres-session';

const ROUNDS = 10;

/** Each inserts the row in a transaction whose COMMIT is the last message sent. */
const WAYS: Readonly<Record<string, (client: Client, row: number) => Promise<unknown>>> = {
  'a simple query': async (client, row) => {
    await client.query('BEGIN');
    await client.query('INSERT INTO kept VALUES ($1)', [row]);
    await client.query('COMMIT');
  },
  'a simple query in one write with the statements before it': (client, row) =>
    Promise.all([
      client.query('BEGIN'),
      client.query({ name: 'keep', text: 'INSERT INTO kept VALUES ($1)', values: [row] }),
      client.query('COMMIT'),
    ]),
  'an extended query': async (client, row) => {
    await client.query('BEGIN');
    await client.query('INSERT INTO kept VALUES ($1)', [row]);
    await client.query({ name: 'commit', text: 'COMMIT' });
  },
  'the implicit end of a single statement': (client, row) => client.query('INSERT INTO kept VALUES ($1)', [row]),
};

describe('a proxy to PostgreSQL', () => {
  let directory: string;
  let postgres: EmbeddedPostgres;
  let line: TcpProxy;
  let passage: ForwardingDecision = 'pass';
  let cut: ForwardingDecision;
  const endings: Ending[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'palinode-commit-cut-'));
    postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres'), databases: databaseNames });
    line = await TcpProxy.to(postgres.port, () => {
      let taken: ForwardingDecision = 'pass';
      let goesOn = true;
      const session = new PostgresSession((_, ending) => {
        if (taken !== 'last') return;
        endings.push(ending);
        goesOn = false;
      });
      return {
        sent: (bytes) => (taken = session.sent(bytes).length > 0 ? passage : 'pass'),
        received: (bytes) => (session.received(bytes), goesOn),
        ended: () => session.ended(),
      };
    });
    await direct('CREATE TABLE kept (row int PRIMARY KEY)');
  });

  afterAll(async () => {
    await line.cut();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  beforeEach(async () => {
    passage = 'pass';
    endings.length = 0;
    await direct('TRUNCATE kept');
  });

  const url = (port: string): string => postgres.adminUrl.replace(`:${postgres.port}/`, `:${port.split(':')[1]}/`);

  async function direct(sql: string): Promise<unknown[]> {
    const client = new Client({ connectionString: postgres.adminUrl });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** The outcome that the client sees. */
  async function attempt(way: (client: Client, row: number) => Promise<unknown>, row: number): Promise<string> {
    passage = 'pass';
    const client = new PipelinedClient({ connectionString: url(line.address) });
    client.on('error', () => {});
    await client.connect();
    passage = cut;
    try {
      await way(client, row);
      return 'confirmed';
    } catch {
      return 'unknown';
    } finally {
      await client.end().catch(() => {});
    }
  }

  describe.each(Object.entries(WAYS))('a COMMIT sent as %s', (_, way) => {
    it('is applied but not confirmed when the proxy cuts the connection right after it', async () => {
      cut = 'last';
      for (let row = 0; row < ROUNDS; row += 1) expect(await attempt(way, row)).toBe('unknown');
      await waitUntil('PostgreSQL to have answered', () => endings.length === ROUNDS);
      expect(new Set(endings)).toEqual(new Set(['committed']));
      expect(await direct('SELECT row FROM kept')).toHaveLength(ROUNDS);
    });

    it('is neither applied nor confirmed when the proxy cuts the connection right before it', async () => {
      cut = 'stop';
      for (let row = 0; row < ROUNDS; row += 1) expect(await attempt(way, row)).toBe('unknown');
      expect(await direct('SELECT row FROM kept')).toEqual([]);
    });

    it('is applied and confirmed when the proxy does not cut the connection', async () => {
      cut = 'pass';
      for (let row = 0; row < ROUNDS; row += 1) expect(await attempt(way, row)).toBe('confirmed');
      expect(await direct('SELECT row FROM kept')).toHaveLength(ROUNDS);
    });
  });

  it('recognizes a COMMIT that PostgreSQL answers with ROLLBACK', async () => {
    cut = 'last';
    const swallowed = async (client: Client): Promise<unknown> => {
      passage = 'pass';
      await client.query('BEGIN');
      await client.query('SELECT 1/0').catch(() => {});
      passage = 'last';
      return client.query('COMMIT');
    };
    expect(await attempt(swallowed, 0)).toBe('unknown');
    await waitUntil('PostgreSQL to have answered', () => endings.length === 1);
    expect(endings).toEqual(['rolled-back']);
  });
});
