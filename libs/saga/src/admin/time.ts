/** Formats times as RFC 3339. */
export function time(ms: number): string;
export function time(ms: number | undefined): string | undefined;
export function time(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
