import type { Pool, PoolClient } from 'pg';

/** Whatever the defaults of the session are; the work may wait for a third party, such as the broker. */
export const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 0';

/** Runs the work in a transaction on a connection of its own; what it throws rolls back. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens to idle connections only; without this, one that breaks while in use and idle ends the process.
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
    // A connection whose transaction failed is not reused: closing it is the surest rollback.
    client.release(broken);
  }
}
