import { setTimeout as pause } from 'node:timers/promises';
import { timed } from './time-spent';

/** Nothing of what was waited for happened in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** So that a slow machine changes no verdict, and shorter than jest's own limit, which would not say what was waited for. */
const LONG_ENOUGH_MS = 240_000;

/**
 * Asks again and again until the answer is neither undefined nor false, and returns it.
 *
 * A question that throws counts as "not yet"; what it threw last becomes the cause of the DeadlineError.
 * The question itself throws a {@link GiveUp} to end the wait at once.
 */
export function waitUntil<T>(what: string, question: Question<T>, patience: Patience = {}): Promise<T> {
  return timed(what, () => poll(what, question, patience));
}

type Question<T> = () => Promise<T | undefined | false> | T | undefined | false;

export interface Patience {
  readonly deadlineMs?: number;
  readonly everyMs?: number;
}

async function poll<T>(
  what: string,
  question: Question<T>,
  { deadlineMs = LONG_ENOUGH_MS, everyMs = 25 }: Patience,
): Promise<T> {
  const endsAt = Date.now() + deadlineMs;
  let cause: unknown;
  for (;;) {
    try {
      const answer = await question();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      if (error instanceof GiveUp) throw error;
      cause = error;
    }
    if (Date.now() >= endsAt) throw new DeadlineError(`${what}: not within ${deadlineMs / 1000} s.`, { cause });
    await pause(everyMs);
  }
}

/** Thrown by a question of {@link waitUntil} when waiting any longer is pointless. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp';
}
