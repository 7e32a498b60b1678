import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { liveStream, useLiveQueries } from '../api/use-live';
import type { PagedList } from './paged';

/**
 * Keeps a list as it is on the server. While only its first page is read, changes are drawn at once; after somebody has
 * scrolled, rows must not jump away, so the list says that there are changes and waits for {@link LiveList.show}.
 */
export interface LiveList {
  readonly hasChanges: boolean;
  readonly show: () => void;
}

export function useLiveList(names: readonly string[], key: QueryKey, list: PagedList<unknown>): LiveList {
  const queries = useQueryClient();
  const scrolled = list.pages > 1;
  const [changedKey, setChangedKey] = useState<string>();
  const path = JSON.stringify(key);
  const told = names.join(' ');
  useLiveQueries(names, key, { enabled: !scrolled });
  useEffect(() => {
    const names = scrolled ? told.split(' ') : [];
    const ends = names.map((name) => liveStream.on(name, () => setChangedKey(path)));
    return () => {
      for (const end of ends) end();
    };
  }, [scrolled, told, path]);
  return {
    hasChanges: scrolled && changedKey === path,
    show: () => {
      setChangedKey(undefined);
      void queries.resetQueries({ queryKey: key });
    },
  };
}
