import { EmbeddedKafka } from '@palinode/embedded-kafka';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Pool } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { EmbeddedPostgres } from '@palinode/test-support/postgres/embedded-postgres';
import { surviveBrokenConnections } from '../src/messaging';

type Migrations = NonNullable<DataSourceOptions['migrations']>;

/** A PostgreSQL and, where asked for, a broker of a test's own. Everything goes with {@link stop}. */
export class RealServers {
  private readonly closing: (() => Promise<unknown>)[] = [];
  private databases = 0;
  postgres!: EmbeddedPostgres;
  kafka!: EmbeddedKafka;

  private constructor(readonly directory: string) {}

  static async start({ kafka = false, postgres = true } = {}): Promise<RealServers> {
    const directory = await mkdtemp(join(tmpdir(), 'palinode-saga-'));
    const servers = new RealServers(directory);
    servers.closing.push(() => rm(directory, { recursive: true, force: true }));
    try {
      // Where root runs the tests, the database's server is another user.
      await chmod(directory, 0o711);
      if (postgres) await servers.startPostgres();
      if (kafka) await servers.startKafka();
    } catch (error) {
      await servers.stop();
      throw error;
    }
    return servers;
  }

  /** The URL of a new, empty database with the tables of these migrations. */
  async database(migrations: Migrations = []): Promise<string> {
    const name = `test_${(this.databases += 1)}`;
    await this.administrate(`CREATE DATABASE ${name}`);
    const url = this.postgres.adminUrl.replace(/\/postgres$/, `/${name}`);
    const source = await new DataSource({ type: 'postgres', url, migrations }).initialize();
    await source.runMigrations();
    await source.destroy();
    return url;
  }

  /**
   * A pool that a test may cut the connections of, and that ends with these servers. A pool that is ended does not wait
   * for its connections to close: the server that stops right after may still tell them why it cut them.
   */
  pool(connectionString: string, max = 12): Pool {
    const pool = new Pool({ connectionString, max });
    pool.on('error', () => undefined);
    surviveBrokenConnections(pool);
    this.closing.push(() => pool.end());
    return pool;
  }

  /** Runs a statement as the server's administrator, connected to none of the databases. */
  async administrate(statement: string): Promise<void> {
    const client = new Client({ connectionString: this.postgres.adminUrl });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    for (const close of this.closing.splice(0).toReversed()) await close();
  }

  private async startPostgres(): Promise<void> {
    const postgres = await EmbeddedPostgres.start({ directory: join(this.directory, 'postgres') });
    this.postgres = postgres;
    this.closing.push(() => postgres.stop());
  }

  private async startKafka(): Promise<void> {
    const kafka = await EmbeddedKafka.start({ directory: join(this.directory, 'kafka') });
    this.kafka = kafka;
    this.closing.push(() => kafka.close());
  }
}
