/** Anything that runs SQL: a pool, or one connection of it. Named statements are prepared once per connection. */
export interface Sql {
  query(statement: {
    name?: string;
    text: string;
    values?: unknown[];
  }): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

/** The database's time, in milliseconds since 1970: the same for all processes. */
export async function timeOf(sql: Sql): Promise<number> {
  const { rows } = await sql.query({
    text: 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now',
  });
  return (rows as { now: number }[])[0]?.now ?? 0;
}
