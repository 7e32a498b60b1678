import { instantOf } from '../contract';

const DAY_MS = 86_400_000;

/** For how many days an inbox remembers a message id, unless it is told otherwise. */
export const INBOX_DAYS = 8;

/** Whether an inbox would recognise a message with this id, so that it may be handled. */
export function isRemembered(
  id: string,
  nowMs: number,
  { inboxDays = INBOX_DAYS }: { readonly inboxDays?: number },
): boolean {
  const age = nowMs - instantOf(id);
  // A day less on both sides: a clock that is a little off must not decide.
  return age > -DAY_MS && age < (inboxDays - 1) * DAY_MS;
}
