/** Whatever runs SQL: a pool, or one connection of it. Named statements are prepared once per connection. */
export interface Sql {
  query(statement: {
    name?: string;
    text: string;
    values?: unknown[];
  }): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

const AWAY = /^(08|53|57P|58)/;
const CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNABORTED',
]);

/** The SQLSTATE of an error, also of one that TypeORM has wrapped. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const state = driverError?.code ?? code;
  return typeof state === 'string' ? state : undefined;
}

/** True when the database could not be asked at all, so that trying again later is the remedy. */
export function isDatabaseAway(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined && (AWAY.test(state) || CONNECTION.has(state))) return true;
  return /connection terminated|timeout exceeded when trying to connect|not queryable/i.test(String(error));
}

/** True when the transaction lost against another and may simply run again. */
export function isTransactionConflict(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === '40001' || state === '40P01';
}
