/* What the sagas leave in the databases, and what is left of it when it may be forgotten. */
import { DataSource } from 'typeorm';
import type { Client } from 'pg';
import { SagaRetention, SagaStore } from '@palinode/saga/orchestrator';
import { renewPartitions } from '@palinode/saga/participant';
import { connected } from '../measure/connected';
import { sizesOfTables } from '../measure/tables';

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
export async function stored(databases: Readonly<Record<string, string>>): Promise<StoredTable[]> {
  const tables: StoredTable[] = [];
  for (const [database, url] of Object.entries(databases)) {
    const sizes = await sizesOfTables(url);
    await connected(url, async (client) => {
      for (const { name: table, bytes, indexBytes } of sizes) {
        const [mb, indexMb] = [bytes / 2 ** 20, indexBytes / 2 ** 20];
        const rows = await count(client, table);
        if (rows > 0 || mb + indexMb > 1) tables.push({ database, table, rows, mb, indexMb });
      }
    });
  }
  return tables;
}

/** What should be gone once all sagas have ended and nothing is on its way, and is not. */
export async function orphans(databases: Readonly<Record<string, string>>): Promise<string[]> {
  const left: string[] = [];
  for (const [database, url] of Object.entries(databases)) {
    await connected(url, async (client) => {
      const { rows: found } = await client.query<{ table: string }>(
        `SELECT relname AS table FROM pg_class WHERE relname = ANY ($1) AND relkind = 'r'`,
        [PASSING],
      );
      for (const { table } of found) {
        const rows = await count(client, table);
        if (rows > 0) left.push(`${rows} rows in ${table} of ${database}`);
      }
    });
  }
  return left;
}

const PASSING = ['outbox', 'event_outbox', 'unacknowledged', 'saga_timer'];

/** As if the days for which things are kept were over, today among them, then a vacuum. Resolves with what was forgotten. */
export async function forgetAll(databases: Readonly<Record<string, string>>): Promise<string[]> {
  const forgotten: string[] = [];
  for (const [database, url] of Object.entries(databases)) {
    if (database === 'orchestrator') forgotten.push(`ended sagas in ${(await forgetSagas(url)).toFixed(0)} s`);
    else forgotten.push(...(await dropDays(url)).map((partition) => `${partition} of ${database}`));
    await connected(url, (client) => client.query('VACUUM (ANALYZE)'));
  }
  return forgotten;
}

/** Resolves with how many seconds it took. */
async function forgetSagas(url: string): Promise<number> {
  const store = new SagaStore({ database: url }, console);
  const startedAt = performance.now();
  try {
    const retention = new SagaRetention(store, -1, console);
    while (await retention.forgetSome());
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

async function count(client: Client, table: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
  return Number(rows[0]?.count);
}
