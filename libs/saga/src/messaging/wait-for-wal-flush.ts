import type { Sql } from './sql';

/** Resolves when all that was committed before is on the disk, or when the transaction that this is said in commits. */
export async function waitForWalFlush(sql: Sql): Promise<void> {
  await sql.query({ name: 'palinode-barrier', text: `SELECT pg_logical_emit_message(true, 'palinode', '')` });
}
