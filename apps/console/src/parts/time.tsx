import { useSyncExternalStore } from 'react';

/** One clock for all relative times, so that a page of them is drawn once a second. */
let now = Date.now();
const watchers = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  ticking ??= setInterval(() => {
    now = Date.now();
    for (const each of watchers) each();
  }, 1_000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** The time now, in milliseconds, drawn anew each second. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** `1 h 5 min`, `12 s`, `340 ms`: at most two units. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const first = UNITS.findIndex(([, size]) => ms >= size);
  const [unit, size] = UNITS[first] ?? UNITS[3];
  const whole = Math.floor(ms / size);
  const [nextUnit, nextSize] = UNITS[first + 1] ?? [undefined, 1];
  const rest = nextUnit === undefined ? 0 : Math.floor((ms - whole * size) / nextSize);
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${nextUnit}`;
}

/** `5 s ago` or `in 2 min`. */
export function relativeText(at: number, from: number): string {
  const ms = at - from;
  if (Math.abs(ms) < 1_000) return 'now';
  return ms < 0 ? `${durationText(-ms)} ago` : `in ${durationText(ms)}`;
}

/** A time as seen from now; the exact one is its title. */
export function Time({ at }: { readonly at: string }) {
  const from = useNow();
  return (
    <time dateTime={at} title={new Date(at).toISOString()}>
      {relativeText(Date.parse(at), from)}
    </time>
  );
}
