import type { Pool, PoolClient } from 'pg';

/** Anything that runs SQL: a pool, or one connection of it. Named statements are prepared once per connection. */
export interface Sql {
  /** Runs one statement; `rowCount` is null when it has no count. */
  query(statement: {
    name?: string;
    text: string;
    values?: unknown[];
  }): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

/** A column of instants as milliseconds since 1970, in SQL. */
export function millis(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::float8`;
}

/** The database's time, in milliseconds since 1970: the same for all processes. */
export async function timeOf(sql: Sql): Promise<number> {
  const { rows } = await sql.query({
    text: `SELECT ${millis('clock_timestamp()')} AS now`,
  });
  return (rows as { now: number }[])[0]?.now ?? 0;
}

/** Independent of the session's defaults; the work may wait for a third party, such as the broker. */
export const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 0';

/** Runs the work in a transaction on a connection of its own; an error rolls it back. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens only to idle connections; without this, a borrowed connection that breaks would end the process.
  const onError = (error: Error): void => void (broken = error);
  client.on('error', onError);
  try {
    await client.query(BEGIN);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    client.off('error', onError);
    // A connection whose transaction failed is not reused: closing it is the safest rollback.
    client.release(broken);
  }
}

/** Resolves when everything that was committed before is on disk; in a transaction, when that transaction commits. */
export async function waitForWalFlush(sql: Sql): Promise<void> {
  await sql.query({
    name: 'palinode-wait-for-wal-flush',
    text: `SELECT pg_logical_emit_message(true, 'palinode', '')`,
  });
}
