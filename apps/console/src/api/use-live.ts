import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { settings } from '../settings';
import { LiveStream, type LiveState } from './live-stream';
import { Refresher } from './refresher';

export const liveStream = new LiveStream(`${settings.adminPath}/v1/stream`);

/** The state of the connection for changes. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(liveStream.watchState, liveStream.currentState);
}

/** How long changes are collected before the queries that they made stale are read again. */
const COLLECT_MS = 500;

interface LiveQueriesOptions {
  /** @default true */
  readonly enabled?: boolean;
  /** @default half a second */
  readonly everyMs?: number;
  /** Whether the answers follow the events a little later; then they are read once more, after `everyMs`. @default false */
  readonly lags?: boolean;
}

/** Sagas are counted up to a second after their events: these answers are read once more when that is over. */
export const COUNTED_LATER: LiveQueriesOptions = { everyMs: 2_000, lags: true };

/**
 * Refetches the queries below a key when an event of these names arrives: at once for the first one, and in a flood at
 * most once in `everyMs`.
 */
export function useLiveQueries(
  names: readonly string[],
  key: QueryKey,
  { enabled = true, everyMs = COLLECT_MS, lags = false }: LiveQueriesOptions = {},
): void {
  const queries = useQueryClient();
  const told = names.join(' ');
  const path = JSON.stringify(key);
  useEffect(() => {
    const refresher = new Refresher(queries, JSON.parse(path) as QueryKey, everyMs, lags);
    const ends = (enabled ? told.split(' ') : []).map((name) => liveStream.on(name, refresher.changed));
    return () => {
      for (const end of ends) end();
      refresher.end();
    };
  }, [queries, told, path, enabled, everyMs, lags]);
}
