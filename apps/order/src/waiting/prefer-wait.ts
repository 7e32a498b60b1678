const MAX_SECONDS = 30;

/** Parses how long the client prefers to wait (RFC 7240), at most 30 seconds. Ignores an invalid preference. */
export function secondsToWait(prefer: string | undefined): number | undefined {
  const wait = prefer?.split(',').find((each) => /^\s*wait\s*=/i.test(each));
  const seconds = Number(/^\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:;.*)?$/i.exec(wait ?? '')?.[1] ?? 0);
  return seconds > 0 ? Math.min(seconds, MAX_SECONDS) : undefined;
}
