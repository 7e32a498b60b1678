import type { Pool, PoolClient } from 'pg';

/**
 * Keeps connections that break from ending the process (node-postgres issue 2386). A pool listens for errors of its idle
 * connections, and whoever borrows one listens as well, but a moment later: an error that comes in the same chunk of bytes
 * as the answer before it finds nobody. Whoever uses the connection next is told by its query.
 */
export function surviveBrokenConnections(pool: Pool): void {
  const known = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (known.has(client)) return;
    known.add(client);
    client.on('error', () => undefined);
  });
}
