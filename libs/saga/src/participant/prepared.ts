import { QueryRunnerAlreadyReleasedError, type EntityManager } from 'typeorm';
import type { Sql } from '../messaging';

/**
 * Runs a named statement in the handler's transaction, and returns its rows. PostgreSQL parses and plans it once per
 * connection, which for a short statement is most of its cost; `tx.query` does both every time. One name, one text.
 */
export async function prepared<Row>(tx: EntityManager, name: string, text: string, values: unknown[]): Promise<Row[]> {
  const runner = tx.queryRunner;
  if (!runner) return tx.query(text, values);
  // The connection belongs to another handler by now.
  if (runner.isReleased) throw new QueryRunnerAlreadyReleasedError();
  const sql = (await runner.connect()) as Sql;
  const { rows } = await sql.query({ name, text, values });
  return rows as Row[];
}
