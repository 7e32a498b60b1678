import type { Populated } from './populated';
import type { Measure } from './measures';

interface Statement {
  readonly text: string;
  readonly values?: unknown[];
}

/**
 * How PostgreSQL runs the statements of one run: each is explained with its own values just before it is executed, and the
 * explanation is rolled back.
 */
export async function plansOf(measure: Measure, populated: Populated): Promise<string> {
  const plans: string[] = [];
  const run = await measure.prepare(populated);
  const { pool } = populated.store;
  const query = pool.query.bind(pool) as (...statement: unknown[]) => Promise<unknown>;
  const explained = async (...statement: unknown[]): Promise<unknown> => {
    const [first, values] = statement as [string | Statement, unknown[] | undefined];
    const { text, values: own = values ?? [] } = typeof first === 'string' ? { text: first } : first;
    plans.push(await explain(populated, text, own));
    return query(...statement);
  };
  Object.defineProperty(pool, 'query', { value: explained, configurable: true });
  try {
    await run();
  } finally {
    Reflect.deleteProperty(pool, 'query');
  }
  return `## ${measure.name}\n\n${plans.map((plan) => `\`\`\`text\n${plan}\n\`\`\``).join('\n\n')}`;
}

async function explain(populated: Populated, text: string, values: unknown[]): Promise<string> {
  const client = await populated.store.pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<Record<string, string>>(
      `EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) ${text}`,
      values,
    );
    await client.query('ROLLBACK');
    return rows.map((row) => (row['QUERY PLAN'] ?? '').slice(0, 160)).join('\n');
  } finally {
    client.release();
  }
}
