import type { Pool, PoolClient } from 'pg';

type Query = (...args: unknown[]) => unknown;

/**
 * Lets statements be issued side by side on connections of a pool that do not pipeline: one is sent when the one before it
 * was answered. node-postgres keeps such a queue itself until its version 9, and warns of it.
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
    // As an own property: `query` has too many overloads to be overridden one by one.
    Object.defineProperty(client, 'query', { value, configurable: true });
  });
}

/** By a callback, or by an object that takes the answer itself, such as a cursor; whoever uses them waits by himself. */
function isAnsweredOtherwise(args: readonly unknown[]): boolean {
  return typeof args.at(-1) === 'function' || typeof (Object(args[0]) as { submit?: unknown }).submit === 'function';
}
