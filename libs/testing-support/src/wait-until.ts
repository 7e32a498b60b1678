import { setTimeout as sleep } from 'node:timers/promises';
import { observed } from './waits';

/** The condition did not become true in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** Long enough for a slow machine, and shorter than jest's own limit, whose message does not name the condition. */
const DEFAULT_DEADLINE_MS = 240_000;

/**
 * Polls until the condition returns a value other than undefined or false, and returns it.
 *
 * A condition that throws counts as "not yet"; its last error becomes the cause of the DeadlineError. A condition
 * throws a {@link GiveUp} to end the wait at once.
 */
export function waitUntil<T>(what: string, condition: Condition<T>, options: WaitOptions = {}): Promise<T> {
  return observed(what, () => poll(what, condition, options));
}

/** Returns a value other than undefined and false when it holds. */
export type Condition<T> = () => Promise<T | undefined | false> | T | undefined | false;

/** How long {@link waitUntil} waits. */
export interface WaitOptions {
  /** After this time the wait ends with a {@link DeadlineError}. @default 240000 */
  readonly deadlineMs?: number;
  /** How long to wait between two looks at the condition, in milliseconds. @default 25 */
  readonly everyMs?: number;
}

async function poll<T>(
  what: string,
  condition: Condition<T>,
  { deadlineMs = DEFAULT_DEADLINE_MS, everyMs = 25 }: WaitOptions,
): Promise<T> {
  const endsAt = Date.now() + deadlineMs;
  let cause: unknown;
  for (;;) {
    try {
      const answer = await condition();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      if (error instanceof GiveUp) throw error;
      cause = error;
    }
    if (Date.now() >= endsAt) throw new DeadlineError(`${what}: not within ${deadlineMs / 1000} s.`, { cause });
    await sleep(everyMs);
  }
}

/** Thrown by a condition of {@link waitUntil} when further waiting is pointless. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp';
}
