import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Search } from '../search';

/** Some texts of the URL's search, and a way to change them: undefined or '' removes one. */
export interface Filters {
  readonly values: Readonly<Record<string, string>>;
  /** The names of what else is in the search. */
  readonly others: readonly string[];
  /** Replaces the entry in the browser's history unless `push` is set. */
  readonly set: (change: Readonly<Record<string, string | undefined>>, how?: { readonly push?: boolean }) => void;
  readonly clear: () => void;
}

/** The filters of a screen are in its URL, so that a view can be bookmarked and sent to a colleague. */
export function useFilters(names: readonly string[]): Filters {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const values = Object.fromEntries(
    names.flatMap((name) => {
      const value = search[name];
      return value === undefined ? [] : [[name, typeof value === 'string' ? value : value.join(',')]];
    }),
  );
  const others = Object.keys(search).filter((name) => !names.includes(name));
  const set = useCallback<Filters['set']>(
    (change, { push = false } = {}) =>
      void navigate({
        to: '.',
        replace: !push,
        search: (before: Search) => ({ ...before, ...change }),
      } as never),
    [navigate],
  );
  const clear = (): void => set(Object.fromEntries(names.map((name) => [name, undefined])), { push: true });
  return { values, others, set, clear };
}
