const CAP_MS = 3_600_000;

/**
 * How long to wait after so many attempts: twice as long each time up to an hour, spread between half and the whole of it,
 * so that a target that comes back is not met by all at once. `random` is from 0 to 1. A target that asks for a longer wait
 * gets it, up to the same hour.
 */
export function backoffMs(attempts: number, firstMs: number, random: number, askedMs = 0): number {
  const whole = Math.min(firstMs * 2 ** Math.min(attempts - 1, 30), CAP_MS);
  return Math.max(Math.round((whole * (1 + random)) / 2), Math.min(askedMs, CAP_MS));
}
