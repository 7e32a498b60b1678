import type { Pool, PoolClient } from 'pg';

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
