import { createHash, randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { timed } from '../time-spent';
import { passwordOf } from '@palinode/testing-support/postgres/databases';

export type Migrations = NonNullable<DataSourceOptions['migrations']>;

/** The environment variable by which the test files of a run find the server that they share. */
export interface SharedServer {
  readonly adminUrl: string;
  readonly secret: string;
}

/** A condition on `pg_locks`, which lists the locks of all files' databases. */
export const OF_THIS_DATABASE = 'database = (SELECT oid FROM pg_database WHERE datname = current_database())';

const VARIABLE = 'TEST_POSTGRES';

/** Announces the server to the processes that this one starts. */
export function announceSharedServer(server: SharedServer): void {
  process.env[VARIABLE] = JSON.stringify(server);
}

/**
 * One test file's access to the PostgreSQL server that all test files of a run share; jest's global setup starts it.
 *
 * A file has its own databases and does not see those of others. Tests that affect the whole server (kills, settings,
 * background processes) need a separate server: {@link EmbeddedPostgres}.
 */
export class SharedPostgres {
  /** The prefix of this file's database names. */
  readonly prefix = `test_${randomBytes(5).toString('hex')}`;
  private created = 0;

  static connect(): SharedPostgres {
    const announced = process.env[VARIABLE];
    if (announced === undefined)
      throw new Error(`${VARIABLE} names no PostgreSQL server: run the tests with jest and jest.config.js.`);
    return new SharedPostgres(JSON.parse(announced) as SharedServer);
  }

  constructor(private readonly server: SharedServer) {}

  /** The URL of a new database with the tables of these migrations, as the server's administrator. */
  database(migrations: Migrations = []): Promise<string> {
    return timed('a database', async () => {
      const template = await this.template(migrations);
      const name = this.nextName();
      await this.administrate(`CREATE DATABASE ${name} TEMPLATE ${template}`);
      return urlOf(this.server.adminUrl, name);
    });
  }

  /** The URL of a new, empty database that the role owns and connects to. */
  async databaseOf(role: string): Promise<string> {
    const name = this.nextName();
    await this.administrate(`CREATE DATABASE ${name} OWNER ${escapeIdentifier(role)}`);
    const url = new URL(urlOf(this.server.adminUrl, name));
    url.username = role;
    url.password = passwordOf(role, this.server.secret);
    return url.href;
  }

  /** Runs a statement as the server's administrator, connected to none of the test databases. */
  async administrate(statement: string): Promise<void> {
    await this.withAdministrator((client) => client.query(statement));
  }

  /** Ends all connections to this file's databases. */
  async cutConnections(): Promise<void> {
    await this.administrate(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE '${this.prefix}%'`,
    );
  }

  private nextName(): string {
    this.created += 1;
    return `${this.prefix}_${this.created}`;
  }

  /** A template database: the first file that needs these migrations runs them, and the others wait for it. */
  private async template(migrations: Migrations): Promise<string> {
    if (Object.keys(migrations).length === 0) return 'template1';
    const key = createHash('sha256')
      .update(Object.values(migrations).map(sourceOf).join('\n'))
      .digest('hex')
      .slice(0, 20);
    const name = `template_${key}`;
    await this.withAdministrator(async (client) => {
      await client.query(`SELECT pg_advisory_lock(hashtext($1))`, [name]);
      const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
      if (rowCount) return;
      const unfinished = `unfinished_${this.nextName()}`;
      await client.query(`CREATE DATABASE ${unfinished}`);
      await migrate(urlOf(this.server.adminUrl, unfinished), migrations);
      await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`);
    });
    return name;
  }

  private async withAdministrator(work: (client: Client) => Promise<unknown>): Promise<void> {
    const client = new Client({ connectionString: this.server.adminUrl });
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  }
}

/** The source of a migration, and the statements of one of the library, which its source does not show. */
function sourceOf(migration: unknown): string {
  const { prototype } = migration as { readonly prototype: { upStatements?: unknown } };
  if (typeof prototype.upStatements !== 'function') return String(migration);
  const made = new (migration as new () => { upStatements(): readonly string[] })();
  return [String(migration), ...made.upStatements()].join('\n');
}

/** Runs migrations on the database at this URL. */
export async function migrate(url: string, migrations: Migrations): Promise<void> {
  const source = await new DataSource({ type: 'postgres', url, migrations }).initialize();
  try {
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}

function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}
