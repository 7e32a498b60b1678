/** Whatever runs SQL: a pool, or one connection of it. Named statements are prepared once per connection. */
export interface Sql {
  query(statement: {
    name?: string;
    text: string;
    values?: unknown[];
  }): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

/** The database's time, in milliseconds since 1970: the same for all processes, whatever their own clocks say. */
export async function timeOf(sql: Sql): Promise<number> {
  const { rows } = await sql.query({
    text: 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now',
  });
  return (rows as { now: number }[])[0]?.now ?? 0;
}

/** Of PostgreSQL: connection failures, out of resources, ended or starting, errors of its disk. */
const AWAY = /^(08|53|57P|58)/;
const CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** How node-postgres tells of a connection that broke, or that could not be had. */
const LOST =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/** The SQLSTATE of an error, also of one that TypeORM has wrapped. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code, driverError } = Object(error) as { code?: unknown; driverError?: { code?: unknown } };
  const state = driverError?.code ?? code;
  return typeof state === 'string' ? state : undefined;
}

/**
 * True when the database cannot serve anybody for now: it is gone, starts, ends, or its disk is full. Trying again later is
 * the remedy; whether a transaction that met it was committed is not known.
 */
export function isDatabaseAway(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined) return AWAY.test(state) || CONNECTION.has(state);
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  const { driverError = error } = Object(error) as { driverError?: unknown };
  return driverError instanceof Error && LOST.test(driverError.message);
}

/** True when the transaction lost against another and may simply run again. */
export function isTransactionConflict(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === '40001' || state === '40P01';
}
