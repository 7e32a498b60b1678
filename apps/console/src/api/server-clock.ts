/* The orchestrator's clock, by which all shown times were taken: the one of this computer may be wrong by hours. */

/** Less may be the way of the answer, and the head has whole seconds. */
const LEAST_MS = 5_000;

let aheadMs = 0;

/** By how much the server's clock is ahead of this one, when it differs noticeably, by the `Date` of an answer. */
export function aheadBy(date: string | null, now: number): number {
  const ahead = Date.parse(date ?? '') - now;
  return Math.abs(ahead) < LEAST_MS || Number.isNaN(ahead) ? 0 : ahead;
}

/** Learns the server's time from an answer. */
export function readClock(response: Response): void {
  aheadMs = aheadBy(response.headers.get('date'), Date.now());
}

/** The time on the server, in milliseconds. */
export const serverTime = (): number => Date.now() + aheadMs;
