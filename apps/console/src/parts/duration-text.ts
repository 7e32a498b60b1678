const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** `1 h 5 min`, `12 s`, `1.2 s`, `340 ms`: at most two units. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${Math.floor(ms / 100) / 10} s`;
  const first = UNITS.findIndex(([, size]) => ms >= size);
  const [unit, size] = UNITS[first] ?? UNITS[3];
  const whole = Math.floor(ms / size);
  const [nextUnit, nextSize] = UNITS[first + 1] ?? [undefined, 1];
  const rest = nextUnit === undefined ? 0 : Math.floor((ms - whole * size) / nextSize);
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${nextUnit}`;
}

/** `5 s ago` or `in 2 min`; from ten of a unit on, the next one says little. */
export function relativeText(at: number, from: number): string {
  const ms = at - from;
  if (Math.abs(ms) < 1_000) return 'now';
  const text = durationText(Math.abs(ms));
  const brief = /^\d{2,} \w+/.exec(text)?.[0] ?? text;
  return ms < 0 ? `${brief} ago` : `in ${brief}`;
}
