import { EmbeddedKafka } from '@palinode/embedded-kafka';
import { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { SharedPostgres, type Migrations } from '@palinode/test-support/postgres/shared-postgres';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { surviveBrokenConnections } from '../src/messaging';

export interface ServersWanted {
  /** Whether to start a broker. @default false */
  readonly kafka?: boolean;
  /**
   * `own`: a server that the test may kill and configure. @default 'shared', the server of the run, with databases of
   * this test
   */
  readonly postgres?: 'shared' | 'own' | 'none';
}

/** Databases on a PostgreSQL and, on request, a broker of this test. */
export class RealServers {
  private readonly closing: (() => Promise<unknown>)[] = [];
  private ownPostgres: EmbeddedPostgres | undefined;
  private databases: SharedPostgres | undefined;
  kafka!: EmbeddedKafka;

  private constructor(readonly directory: string) {}

  static async start({ kafka = false, postgres = 'shared' }: ServersWanted = {}): Promise<RealServers> {
    const directory = await mkdtemp(join(tmpdir(), 'palinode-saga-'));
    const servers = new RealServers(directory);
    servers.closing.push(() => rm(directory, { recursive: true, force: true }));
    try {
      // When root runs the tests, the database server has another user.
      await chmod(directory, 0o711);
      if (postgres === 'own') await servers.startPostgres();
      if (postgres === 'shared') servers.databases = SharedPostgres.connect();
      if (kafka) await servers.startKafka();
    } catch (error) {
      await servers.stop();
      throw error;
    }
    return servers;
  }

  /** The test's own server. */
  get postgres(): EmbeddedPostgres {
    if (this.ownPostgres === undefined) throw new Error(`Start these servers with { postgres: 'own' } to do that.`);
    return this.ownPostgres;
  }

  /** Returns the URL of a new database with the tables of these migrations. */
  database(migrations: Migrations = []): Promise<string> {
    return this.server.database(migrations);
  }

  /** Terminates all connections to the databases of this test. */
  cutConnections(): Promise<void> {
    return this.server.cutConnections();
  }

  /**
   * Creates a pool whose connections a test may cut, and which ends with these servers. `pool.end()` does not wait for
   * its connections to close, so the server may still report to them why it cut them.
   */
  pool(connectionString: string, max = 12): Pool {
    const pool = new Pool({ connectionString, max });
    pool.on('error', () => undefined);
    surviveBrokenConnections(pool);
    this.closing.push(() => pool.end());
    return pool;
  }

  /** Runs a statement as the server's administrator, outside the databases of the test. */
  administrate(statement: string): Promise<void> {
    return this.server.administrate(statement);
  }

  async stop(): Promise<void> {
    for (const close of this.closing.splice(0).toReversed()) await close();
  }

  private get server(): SharedPostgres {
    if (this.databases === undefined) throw new Error('These servers were started without PostgreSQL.');
    return this.databases;
  }

  private async startPostgres(): Promise<void> {
    const postgres = await EmbeddedPostgres.start({ directory: join(this.directory, 'postgres'), databases: [] });
    this.closing.push(() => postgres.stop());
    this.ownPostgres = postgres;
    this.databases = new SharedPostgres({ adminUrl: postgres.adminUrl, secret: postgres.secret });
  }

  private async startKafka(): Promise<void> {
    const kafka = await EmbeddedKafka.start({ directory: join(this.directory, 'kafka') });
    this.kafka = kafka;
    this.closing.push(() => kafka.close());
  }
}
