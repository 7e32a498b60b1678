import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { liveStream, type LiveState } from './live-stream';

/** The state of the connection for changes. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(liveStream.watchState, liveStream.currentState);
}

/** Calls `handle` for each event of a name while the component is shown. */
export function useLiveEvent(name: string, handle: (data: unknown) => void): void {
  const latest = useRef(handle);
  useEffect(() => {
    latest.current = handle;
  });
  useEffect(() => liveStream.on(name, ({ data }) => latest.current(data)), [name]);
}

/** How long changes are collected before what they made stale is asked for again. */
const COLLECT_MS = 500;

/**
 * Asks again for the queries below a key when an event of these names arrives: at once for the first one, and at most
 * every half second in a flood.
 */
export function useLiveQueries(names: readonly string[], key: QueryKey): void {
  const queries = useQueryClient();
  const told = names.join(' ');
  const path = JSON.stringify(key);
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    let again = false;
    const refresh = (): void => {
      again = false;
      void queries.invalidateQueries({ queryKey: JSON.parse(path) as QueryKey });
      waiting = setTimeout(() => {
        waiting = undefined;
        if (again) refresh();
      }, COLLECT_MS);
    };
    const changed = (): void => {
      again = true;
      if (waiting === undefined) refresh();
    };
    const ends = told.split(' ').map((name) => liveStream.on(name, changed));
    return () => {
      for (const end of ends) end();
      clearTimeout(waiting);
    };
  }, [queries, told, path]);
}
