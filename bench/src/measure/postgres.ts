import { Client } from 'pg';

/** Runs the work on a new connection to this database, and closes it afterwards. */
export async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The rows of one query. */
export const query = <Row>(url: string, text: string): Promise<Row[]> =>
  connected(url, async (client) => (await client.query(text)).rows as Row[]);

/** The only number of the only row. */
export async function count(url: string, text: string): Promise<number> {
  const [row] = await query<Record<string, unknown>>(url, text);
  return Number(Object.values(row ?? {})[0]);
}

/** Creates or replaces databases of these names, empty or as copies of a template, and returns their URLs. */
export async function freshDatabases<Name extends string>(
  adminUrl: string,
  prefix: string,
  names: readonly Name[],
  templates: Partial<Record<Name, string>> = {},
): Promise<Record<Name, string>> {
  return connected(adminUrl, async (admin) => {
    const urls: Partial<Record<Name, string>> = {};
    for (const name of names) {
      const database = `bench_${prefix}_${name}`;
      await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      // By files, because a copy by WAL is far slower for a large database.
      const copied = templates[name] === undefined ? '' : `TEMPLATE ${templates[name]} STRATEGY FILE_COPY`;
      await admin.query(`CREATE DATABASE ${database} ${copied}`);
      urls[name] = Object.assign(new URL(adminUrl), { pathname: `/${database}` }).toString();
    }
    await admin.query('CHECKPOINT');
    return urls as Record<Name, string>;
  });
}

export const databaseOf = (url: string): string => new URL(url).pathname.slice(1);

/** PostgreSQL's counters since its start; sessions may report up to a second late. */
export type PostgresCounters = Readonly<Record<'commits' | 'walBytes' | 'fsyncs', number>>;

// Since PostgreSQL 18, pg_stat_io counts the WAL's fsyncs.
const COUNTERS = `
  SELECT (SELECT sum(xact_commit) FROM pg_stat_database)::float8 AS commits,
         (SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0'))::float8 AS "walBytes",
         (SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal')::float8 AS fsyncs`;

export async function postgresCounters(adminUrl: string): Promise<PostgresCounters> {
  const [counters] = await query<PostgresCounters>(adminUrl, COUNTERS);
  if (counters === undefined) throw new Error('PostgreSQL returned no counters.');
  return counters;
}

/** The size of a table with its partitions; an inbox counts as one table. */
export interface TableSize {
  readonly name: string;
  /** Without its indexes. */
  readonly bytes: number;
  readonly indexBytes: number;
}

const SIZES = `
  SELECT CASE WHEN relname LIKE 'inbox\\_%' THEN 'inbox' ELSE relname END AS name,
         sum(pg_table_size(oid))::float8 AS bytes, sum(pg_indexes_size(oid))::float8 AS "indexBytes"
  FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'migrations'
  GROUP BY 1 ORDER BY 1`;

/** The sizes of all tables of a database, except TypeORM's own. */
export const sizesOfTables = (url: string): Promise<TableSize[]> => query(url, SIZES);
