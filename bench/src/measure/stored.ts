/* The data that sagas leave in the databases, and what remains of them after retention. */
import { DataSource } from 'typeorm';
import { renewPartitions, SagaRetention, SagaStore } from '@palinode/saga/internal';
import { count, query, sizesOfTables } from './postgres';

type Urls = Readonly<Record<string, string>>;

/** A table of a database, with its partitions. */
export interface StoredTable {
  readonly database: string;
  readonly table: string;
  readonly rows: number;
  /** Its size without its indexes. */
  readonly mb: number;
  readonly indexMb: number;
}

/** All tables with rows, or larger than a megabyte. */
export async function stored(databases: Urls): Promise<StoredTable[]> {
  const tables: StoredTable[] = [];
  for (const [database, url] of Object.entries(databases)) {
    for (const { name: table, bytes, indexBytes } of await sizesOfTables(url)) {
      const [mb, indexMb] = [bytes / 2 ** 20, indexBytes / 2 ** 20];
      const rows = await count(url, `SELECT count(*) FROM ${table}`);
      if (rows > 0 || mb + indexMb > 1) tables.push({ database, table, rows, mb, indexMb });
    }
  }
  return tables;
}

/** Tables that are empty once all sagas have ended and no message is in flight. */
const PASSING = ['outbox', 'event_outbox', 'unacknowledged', 'saga_timer'];

/** The rows that such tables still have. */
export async function leftovers(databases: Urls): Promise<string[]> {
  const left: string[] = [];
  for (const [database, url] of Object.entries(databases)) {
    for (const { name } of await sizesOfTables(url)) {
      const rows = PASSING.includes(name) ? await count(url, `SELECT count(*) FROM ${name}`) : 0;
      if (rows > 0) left.push(`${rows} rows in ${name} of ${database}`);
    }
  }
  return left;
}

/**
 * Applies the retention as if all days, including today, had expired, then runs a vacuum. Resolves with what was
 * deleted.
 */
export async function forgetAll(databases: Urls): Promise<string[]> {
  const forgotten: string[] = [];
  for (const [database, url] of Object.entries(databases)) {
    if (database === 'orchestrator') forgotten.push(`ended sagas in ${(await forgetSagas(url)).toFixed(0)} s`);
    else forgotten.push(...(await dropDays(url)).map((partition) => `${partition} of ${database}`));
    await query(url, 'VACUUM (ANALYZE)');
  }
  return forgotten;
}

/** Resolves with its duration in seconds. */
async function forgetSagas(url: string): Promise<number> {
  const store = new SagaStore({ database: url }, console);
  const startedAt = performance.now();
  try {
    const retention = new SagaRetention(store, { days: -1, log: console });
    while (await retention.deleteSome());
  } finally {
    await store.close();
  }
  return (performance.now() - startedAt) / 1_000;
}

async function dropDays(url: string): Promise<string[]> {
  const source = await new DataSource({ type: 'postgres', url }).initialize();
  try {
    return await renewPartitions(source, { inboxDays: -1 });
  } finally {
    await source.destroy();
  }
}
