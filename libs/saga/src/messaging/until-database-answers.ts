import { isDatabaseAway } from './database-away';
import type { Log } from './logger';
import { backoff } from './sleep';

const NEVER = new AbortController().signal;

/**
 * Runs work that a start depends on, and retries while the database is away, because it may start later than its
 * clients. Rejects at once when the work fails for another reason, or when the signal aborts.
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
      if (!isDatabaseAway(error) || signal.aborted) throw error;
      log.warn(`The database is away; cannot ${what}, trying again: ${reasonOf(error)}`);
      await backoff(failures, signal);
    }
  }
}

/** When both addresses of a host refuse, the error has no message of its own. */
function reasonOf(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(String).join(', ') : String(error);
}
