import { query } from './connected';

/** What a table takes, its partitions taken together; an inbox counts as one table. */
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

/** Of all tables of a database, but the one that TypeORM keeps for itself. */
export const sizesOfTables = (url: string): Promise<TableSize[]> => query(url, SIZES);
