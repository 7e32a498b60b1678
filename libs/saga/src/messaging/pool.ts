import type { Connection, Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';

/** TypeORM's own pool of node-postgres, for prepared statements. */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}

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

type Query = (...args: unknown[]) => unknown;

/**
 * Queues statements on pool connections that do not pipeline, so that they can be issued concurrently: each is sent
 * when the previous one was answered. node-postgres keeps such a queue itself until its version 9, with a warning.
 */
export function queueStatements(pool: Pool): void {
  const known = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (known.has(client) || (client as unknown as { pipeline: boolean }).pipeline) return;
    known.add(client);
    const query = client.query.bind(client) as Query;
    let before: Promise<unknown> = Promise.resolve();
    const value: Query = (...args) => {
      if (isAnsweredOtherwise(args)) return query(...args);
      const answer = before.then(() => query(...args));
      before = answer.catch(() => undefined);
      return answer;
    };
    // As an own property: `query` has too many overloads to override each.
    Object.defineProperty(client, 'query', { value, configurable: true });
  });
}

/** With a callback, or an object that takes the result itself, such as a cursor; such callers wait themselves. */
function isAnsweredOtherwise(args: readonly unknown[]): boolean {
  return typeof args.at(-1) === 'function' || typeof (Object(args[0]) as { submit?: unknown }).submit === 'function';
}
