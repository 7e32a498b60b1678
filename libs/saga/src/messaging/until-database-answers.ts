import { isDatabaseAway } from './database-away';
import type { Log } from './logger';
import { backoff } from './sleep';

const NEVER = new AbortController().signal;

/**
 * Does what a start cannot go on without, and waits for as long as the database is away: it may come later than those who
 * need it. Rejects at once when the work fails for another reason, and when the signal ends the wait.
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

/** An address of two families is refused twice, in an error without a message. */
function reasonOf(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(String).join(', ') : String(error);
}
