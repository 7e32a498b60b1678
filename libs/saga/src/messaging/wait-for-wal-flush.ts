import type { Sql } from './sql';

/** Resolves when everything that was committed before is on disk; in a transaction, when that transaction commits. */
export async function waitForWalFlush(sql: Sql): Promise<void> {
  await sql.query({
    name: 'palinode-wait-for-wal-flush',
    text: `SELECT pg_logical_emit_message(true, 'palinode', '')`,
  });
}
