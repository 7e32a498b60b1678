/** Parses Retry-After (RFC 9110, 10.2.3); undefined when it is missing or invalid. */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,10}$/.test(header)) return Number(header) * 1_000;
  const waitMs = Date.parse(header) - now.getTime();
  return waitMs > 0 ? waitMs : undefined;
}
