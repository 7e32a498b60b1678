const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** Formats a duration in its two largest units: `2 d 3 h`, `1 min 5 s`, `1.2 s`, `80 ms`. */
export function durationText(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1_000) return `${whole} ms`;
  if (whole < 60_000) return `${Math.floor(whole / 100) / 10} s`;
  const largest = UNITS.findIndex(([, length]) => whole >= length);
  const [name, length] = UNITS[largest] ?? UNITS[0];
  const [smaller, shorter] = UNITS[largest + 1] ?? ['s', 1_000];
  const rest = Math.floor((whole % length) / shorter);
  return `${Math.floor(whole / length)} ${name}${rest > 0 ? ` ${rest} ${smaller}` : ''}`;
}
