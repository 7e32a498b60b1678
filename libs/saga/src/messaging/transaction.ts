import type { Pool, PoolClient } from 'pg';

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
