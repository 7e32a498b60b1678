/**
 * Whether an error says that the database cannot serve anybody for now: it is gone, starts, ends, or its disk is full. The
 * same request may succeed later; whether a transaction that met it was committed is not known.
 */
export function isDatabaseAway(error: unknown): boolean {
  const { code, message, driverError } = Object(error) as { code?: unknown; message?: unknown; driverError?: unknown };
  if (driverError !== undefined) return isDatabaseAway(driverError);
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  if (typeof code === 'string') return AWAY.test(code);
  return error instanceof Error && typeof message === 'string' && LOST.test(message);
}

/** Of sockets; of PostgreSQL: connection failures, out of resources, ended or starting, errors of its disk. */
const AWAY = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|08...|53...|57P0[123]|58030)$/;
/** How node-postgres tells of a connection that broke. */
const LOST =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;
