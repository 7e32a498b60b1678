import { createHash, randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { timed } from '../time-spent';
import { passwordOf } from '@palinode/testing-support/postgres/databases';

export type Migrations = NonNullable<DataSourceOptions['migrations']>;

/** How the test files of a run find the server that they share. */
export interface SharedServer {
  readonly adminUrl: string;
  readonly secret: string;
}

/** A condition on `pg_locks`: the server tells of the databases of all files. */
export const OF_THIS_DATABASE = 'database = (SELECT oid FROM pg_database WHERE datname = current_database())';

const VARIABLE = 'TEST_POSTGRES';

/** Lets the processes that this one starts find the server. */
export function announceSharedServer(server: SharedServer): void {
  process.env[VARIABLE] = JSON.stringify(server);
}

/**
 * The PostgreSQL that all test files of a run share (jest's global setup starts it), seen by one of them.
 *
 * A file has databases of its own and sees no other's. What concerns the whole server (killing it, settings, its
 * background processes) needs a server of the file's own: {@link EmbeddedPostgres}.
 */
export class SharedPostgres {
  /** Begins the names of this file's databases. */
  readonly prefix = `test_${randomBytes(5).toString('hex')}`;
  private created = 0;

  static connect(): SharedPostgres {
    const announced = process.env[VARIABLE];
    if (announced === undefined)
      throw new Error(`${VARIABLE} names no PostgreSQL: run tests by jest with jest.config.js.`);
    return new SharedPostgres(JSON.parse(announced) as SharedServer);
  }

  constructor(private readonly server: SharedServer) {}

  /** The URL of a new database with the tables of these migrations, for the server's administrator. */
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

  /** A database to copy: the first file that wants these migrations runs them, the others wait for it. */
  private async template(migrations: Migrations): Promise<string> {
    if (Object.keys(migrations).length === 0) return 'template1';
    const key = createHash('sha256')
      .update(Object.values(migrations).map(String).join('\n'))
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
