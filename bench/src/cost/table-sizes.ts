import { Client } from 'pg';

/** The tables that grow with the sagas; an inbox counts as one table. */
export const GROWING = ['saga', 'saga_history', 'saga_timer', 'inbox', 'outbox', 'unacknowledged'] as const;

export type TableSizes = Readonly<Record<(typeof GROWING)[number], number>>;

const SIZES = `
  SELECT CASE WHEN relname LIKE 'inbox\\_%' THEN 'inbox' ELSE relname END AS name,
         sum(pg_total_relation_size(oid))::float8 AS bytes
  FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace GROUP BY 1`;

/** In bytes, with indexes, over all these databases. */
export async function tableSizes(urls: readonly string[]): Promise<TableSizes> {
  const sizes = { saga: 0, saga_history: 0, saga_timer: 0, inbox: 0, outbox: 0, unacknowledged: 0 };
  for (const url of urls) {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      const { rows } = await client.query<{ name: string; bytes: number }>(SIZES);
      for (const { name, bytes } of rows) if (isGrowing(name)) sizes[name] += bytes;
    } finally {
      await client.end();
    }
  }
  return sizes;
}

function isGrowing(name: string): name is (typeof GROWING)[number] {
  return (GROWING as readonly string[]).includes(name);
}
