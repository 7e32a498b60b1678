/*
 * Distinguishes an outage of the database from a mistake. This is the only list of what counts as "away", for the
 * library and for services.
 */
import type { Log } from './logger';
import { backoff } from './sleep';

/**
 * SQLSTATEs of a server that cannot serve any request at the moment:
 *
 * - `08*` the connection broke; PgBouncer also says so when it has no server
 * - `25006` read-only, such as a standby during a failover
 * - `53000`, `53100`, `53200`, `53300` no resources, no disk, no memory, no connections left
 * - `57P01` to `57P05` shut down by an operator, crashed, starting, database dropped, idle session ended
 * - `58000`, `58030` errors of its operating system or its disk
 *
 * Not `53400`: a configured limit, such as `temp_file_limit`, that one statement exceeds is that statement's fault.
 */
const OUTAGE = /^(08...|25006|53[0123]00|57P0[1-5]|58000|58030)$/;
/**
 * `idle_in_transaction_session_timeout`, `transaction_timeout`: the server has ended a session because of its
 * transaction.
 */
const SESSION_TIMEOUT = /^25P0[34]$/;
const NETWORK = new Set([
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
/** The messages of node-postgres for a connection that broke, could not be opened, or gave no answer. */
const LOST =
  /^(Connection terminated|Client has encountered a connection error|Client was closed and is not queryable|Query read timeout|timeout expired|timeout exceeded when trying to connect)/;

/** The role or its password is refused, as for a moment while a password is being changed. */
const LOGIN_REFUSED = /^28(000|P01)$/;
/**
 * TypeORM's errors for a statement after its connection was released. It releases a connection that breaks at once, so
 * that the next statement of the transaction meets this instead of the reason.
 */
const RELEASED = /^QueryRunner(Provider)?AlreadyReleasedError$/;

/** PgBouncer reports a setting that it will never accept with `08P01`, too. */
const REFUSED = /unsupported startup parameter/;

/** The SQLSTATE of an error, also of one that TypeORM has wrapped. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code, driverError } = Object(error) as { code?: unknown; driverError?: { code?: unknown } };
  const state = driverError?.code ?? code;
  return typeof state === 'string' ? state : undefined;
}

/**
 * True when a server has answered that it cannot serve any request for now. Unlike a network error, which may come from
 * a third party that a handler calls, this can only come from a database.
 */
export function isDatabaseOutage(error: unknown): boolean {
  return OUTAGE.test(sqlStateOf(error) ?? '');
}

/** True when the server has ended the session because its transaction was open, or idle, for longer than a setting allows. */
export function isSessionTimeout(error: unknown): boolean {
  return SESSION_TIMEOUT.test(sqlStateOf(error) ?? '');
}

/**
 * True when the database cannot serve any request for now: it cannot be reached, starts, stops, is read-only, has no
 * disk or connection left, or refuses the password. The remedy is to retry later; whether a transaction that met this was committed is unknown.
 */
export function isDatabaseAway(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (REFUSED.test(String(error))) return false;
  if (state !== undefined)
    return [OUTAGE, SESSION_TIMEOUT, LOGIN_REFUSED].some((each) => each.test(state)) || NETWORK.has(state);
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  const { driverError = error } = Object(error) as { driverError?: unknown };
  return driverError instanceof Error && (LOST.test(driverError.message) || RELEASED.test(driverError.name));
}

/** True when the transaction lost against a concurrent one and may simply run again. */
export function isTransactionConflict(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === '40001' || state === '40P01';
}

const NEVER = new AbortController().signal;

/**
 * Runs work that a start depends on, and retries while the database is away, because it may start later than its
 * clients. Rejects at once when the work fails for another reason, when the login is refused, or when the signal aborts.
 */
export async function untilDatabaseAnswers<T>(
  what: string,
  work: () => Promise<T>,
  log: Log,
  signal: AbortSignal = NEVER,
): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseAway(error) || LOGIN_REFUSED.test(sqlStateOf(error) ?? '') || signal.aborted) throw error;
      log.warn(`The database is away; cannot ${what}, trying again: ${reasonOf(error)}`);
      await backoff(failures, signal);
    }
  }
}

/** When both addresses of a host refuse, the error has no message of its own. */
function reasonOf(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(String).join(', ') : String(error);
}
