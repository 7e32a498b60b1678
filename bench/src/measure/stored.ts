/* What the sagas leave in the databases, and what is left of it when it may be forgotten. */
import { DataSource } from 'typeorm';
import { renewPartitions, SagaRetention, SagaStore } from '@palinode/saga/internal';
import { count, query, sizesOfTables } from './postgres';

type Urls = Readonly<Record<string, string>>;

/** A table of a database, all its partitions taken together. */
export interface StoredTable {
  readonly database: string;
  readonly table: string;
  readonly rows: number;
  /** What it takes without its indexes. */
  readonly mb: number;
  readonly indexMb: number;
}

/** All that has rows, or takes more than a megabyte. */
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

/** Tables that are empty once all sagas have ended and nothing is on its way. */
const PASSING = ['outbox', 'event_outbox', 'unacknowledged', 'saga_timer'];

/** What such tables still hold. */
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

/** As if the days for which things are kept were over, today among them, then a vacuum. Resolves with what was forgotten. */
export async function forgetAll(databases: Urls): Promise<string[]> {
  const forgotten: string[] = [];
  for (const [database, url] of Object.entries(databases)) {
    if (database === 'orchestrator') forgotten.push(`ended sagas in ${(await forgetSagas(url)).toFixed(0)} s`);
    else forgotten.push(...(await dropDays(url)).map((partition) => `${partition} of ${database}`));
    await query(url, 'VACUUM (ANALYZE)');
  }
  return forgotten;
}

/** Resolves with how many seconds it took. */
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
