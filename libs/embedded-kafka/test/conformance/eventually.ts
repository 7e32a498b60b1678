import { setTimeout as pause } from 'node:timers/promises';

/** Resolves as soon as the condition holds; rejects, naming it, when it does not within the deadline. */
export async function eventually(
  condition: string,
  holds: () => boolean | Promise<boolean>,
  deadlineMs = 20_000,
): Promise<void> {
  const giveUpAt = Date.now() + deadlineMs;
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error(`Not within ${deadlineMs} ms: ${condition}.`);
    await pause(10);
  }
}
