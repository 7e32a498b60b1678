import type { Connection, Pool, PoolClient } from 'pg';

const READ_ONLY = '25006';

/**
 * Prevents connections that break from ending the process (node-postgres issue 2386). A pool listens for errors of its
 * idle connections, and a borrower listens too, but a moment later: an error that arrives in the same chunk of bytes as
 * the answer before it has no listener. The next query on the connection reports it.
 *
 * A connection that answered "read-only" is closed when it is released: after a failover the next one reaches the new
 * primary.
 */
export function surviveBrokenConnections(pool: Pool): void {
  const known = new WeakSet<PoolClient>();
  const readOnly = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (known.has(client)) return;
    known.add(client);
    client.on('error', () => undefined);
    const { connection } = client as unknown as { connection?: Connection };
    connection?.on('errorMessage', ({ code }: { code?: string }) => {
      if (code === READ_ONLY) readOnly.add(client);
    });
  });
  // The pool closes a connection that has begun to end instead of keeping it.
  pool.on('release', (_, client) => {
    if (readOnly.has(client)) void client.end().catch(() => undefined);
  });
}
