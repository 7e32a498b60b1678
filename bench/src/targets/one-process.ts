/* The targets with one process and three databases: bare statements, and the nearest peer. */
import { Pool } from 'pg';
import { freshDatabases } from '../measure/postgres';
import { brokenInvariants, unlessCounted } from './invariants';
import { driveLoad, startProcess, stopProcess, type StartTarget, type Target } from './target';

const names = ['order', 'stock', 'payment'] as const;
type Database = (typeof names)[number];

export const FLOOR = 'floor';
export const GRAPHILE = 'Graphile Worker';
export const GRAPHILE_IN_GROUPS = 'Graphile Worker, orders in groups';

export const startFloor: StartTarget = (adminUrl) => startOneProcess(adminUrl, FLOOR, 'floor', 'floor.js');

/** Durable jobs in PostgreSQL, without a broker and without separate services. */
export const startGraphile =
  (place: 'singly' | 'groups'): StartTarget =>
  (adminUrl) =>
    startOneProcess(
      adminUrl,
      place === 'groups' ? GRAPHILE_IN_GROUPS : GRAPHILE,
      'worker',
      'graphile-worker.js',
      { BENCH_PLACE: place },
      ({ order }) => unlessCounted('jobs at rest', order, 'SELECT count(*) FROM graphile_worker._private_jobs', 0),
    );

async function startOneProcess(
  adminUrl: string,
  name: string,
  role: string,
  program: string,
  environment: Record<string, string> = {},
  check: (urls: Record<Database, string>) => Promise<string[]> = async () => [],
): Promise<Target> {
  const urls = await freshDatabases(adminUrl, role, names);
  const places = Object.fromEntries(names.map((each) => [environmentName(each), urls[each]]));
  const child = await startProcess(program, [], { ...places, ...environment });
  return {
    name,
    pids: { [role]: child.pid ?? 0 },
    load: (options) => driveLoad(child, options),
    check: async (sagas) => [...(await brokenInvariants(urls, sagas)), ...(await check(urls))],
    stop: () => stopProcess(child),
  };
}

/** The process's connections. Each statement is prepared, and is its own transaction. */
export class ThreeDatabases {
  readonly pools: Record<Database, Pool>;

  private constructor(connections: number) {
    const poolOf = (name: Database): Pool =>
      new Pool({ connectionString: process.env[environmentName(name)], max: connections });
    this.pools = { order: poolOf('order'), stock: poolOf('stock'), payment: poolOf('payment') };
  }

  static async withTables(connections: number, tables: Readonly<Record<Database, string>>): Promise<ThreeDatabases> {
    const databases = new ThreeDatabases(connections);
    for (const name of names) {
      databases.pools[name].on('error', console.error).on('connect', (client) => client.on('error', console.error));
      await databases.pools[name].query(tables[name]);
    }
    return databases;
  }

  async run(database: Database, name: string, text: string, values: unknown[]): Promise<void> {
    await this.pools[database].query({ name, text, values });
  }
}

const environmentName = (database: Database): string => `DATABASE_URL_${database.toUpperCase()}`;
