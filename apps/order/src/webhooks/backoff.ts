const CAP_MS = 3_600_000;

/**
 * The wait after this many attempts: it doubles up to an hour, with jitter between half and all of it, so that a recovering
 * target does not get all calls at once. `random` is from 0 to 1. A longer wait that the target requests is respected, up to
 * an hour.
 */
export function backoffMs(attempts: number, firstMs: number, random: number, requestedMs = 0): number {
  const whole = Math.min(firstMs * 2 ** Math.min(attempts - 1, 30), CAP_MS);
  return Math.max(Math.round((whole * (1 + random)) / 2), Math.min(requestedMs, CAP_MS));
}
