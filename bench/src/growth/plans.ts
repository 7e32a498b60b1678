import type { PoolClient } from 'pg';
import type { Measure } from './measures';
import type { Populated } from './populated';

type Query = (...statement: unknown[]) => Promise<unknown>;

/**
 * How PostgreSQL runs the statements of one run: each is explained with its own values just before it is executed, and the
 * explanation is rolled back.
 */
export async function plansOf(measure: Measure, populated: Populated): Promise<string> {
  const plans: string[] = [];
  const run = await measure.prepare(populated);
  const { pool } = populated.store;
  const connect = pool.connect.bind(pool);
  const query = pool.query.bind(pool) as Query;
  const onPool = async (...statement: unknown[]): Promise<unknown> => {
    const client = await connect();
    await client.query('BEGIN');
    plans.push(await explain(client, statement));
    await client.query('ROLLBACK');
    client.release();
    return query(...statement);
  };
  /** A connection of its own, for a transaction: whatever it runs is explained within. */
  const onConnection = async (): Promise<PoolClient> => {
    const client = await connect();
    const own = client.query.bind(client) as Query;
    const explained = async (...statement: unknown[]): Promise<unknown> => {
      if (/^\s*(SELECT|UPDATE|DELETE|WITH)/.test(textOf(statement))) {
        await own('SAVEPOINT before');
        plans.push(await explain({ query: own }, statement));
        await own('ROLLBACK TO before');
      }
      return own(...statement);
    };
    const { on, off, release } = client;
    const methods = { query: explained, on: on.bind(client), off: off.bind(client), release: release.bind(client) };
    return methods as unknown as PoolClient;
  };
  Object.defineProperty(pool, 'query', { value: onPool, configurable: true });
  // The pool's own `query` calls it with a callback, and was explained already.
  const connecting = (callback?: never): unknown => (callback ? connect(callback) : onConnection());
  Object.defineProperty(pool, 'connect', { value: connecting, configurable: true });
  try {
    await run();
  } finally {
    Reflect.deleteProperty(pool, 'query');
    Reflect.deleteProperty(pool, 'connect');
  }
  return `## ${measure.name}\n\n${plans.map((plan) => `\`\`\`text\n${plan}\n\`\`\``).join('\n\n')}`;
}

async function explain(on: { query: Query }, statement: readonly unknown[]): Promise<string> {
  const [first, second] = statement as [string | { values?: unknown[] }, unknown[] | undefined];
  const values = typeof first === 'string' ? second : (first.values ?? second);
  const text = `EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) ${textOf(statement)}`;
  const { rows } = (await on.query(text, values ?? [])) as { rows: Record<string, string>[] };
  return rows.map((row) => (row['QUERY PLAN'] ?? '').slice(0, 160)).join('\n');
}

function textOf([first]: readonly unknown[]): string {
  return typeof first === 'string' ? first : (first as { text: string }).text;
}
