import { query } from './connected';
/** What PostgreSQL has counted since it started; a session may report up to a second late. */
export interface PostgresCounters {
  readonly commits: number;
  readonly walBytes: number;
  readonly fsyncs: number;
}

// Since PostgreSQL 18 the synchronisations of the WAL are counted in pg_stat_io.
const COUNTERS = `
  SELECT (SELECT sum(xact_commit) FROM pg_stat_database)::float8 AS commits,
         (SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0'))::float8 AS "walBytes",
         (SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal')::float8 AS fsyncs`;

export async function postgresCounters(adminUrl: string): Promise<PostgresCounters> {
  const [counters] = await query<PostgresCounters>(adminUrl, COUNTERS);
  if (counters === undefined) throw new Error('PostgreSQL tells its counters');
  return counters;
}
