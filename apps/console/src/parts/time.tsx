import { useSyncExternalStore } from 'react';
import { serverTime } from '../api/server-clock';
import { relativeText } from './duration-text';

export { durationText, relativeText } from './duration-text';

/** One clock for all relative times, so that a page of them is drawn once a second. */
let now = serverTime();
const watchers = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  ticking ??= setInterval(() => {
    now = serverTime();
    for (const each of watchers) each();
  }, 1_000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** The time on the server now, in milliseconds, drawn anew each second. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
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
