import { useInfiniteQuery, type QueryKey } from '@tanstack/react-query';
import { useMemo } from 'react';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

/** A list that the API gives page by page. */
export interface PagedList<Item> {
  readonly items: readonly Item[];
  readonly pages: number;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly isLoadingMore: boolean;
  readonly error: Error | null;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

/** Reads a list page by page, as far as somebody scrolls. */
export function usePaged<Item>(
  key: QueryKey,
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Item>>,
): PagedList<Item> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const { data, hasNextPage, isFetchingNextPage, isLoading, error } = query;
  const items = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  return {
    items,
    pages: data?.pages.length ?? 0,
    hasMore: hasNextPage,
    isLoading,
    isLoadingMore: isFetchingNextPage,
    error,
    loadMore: () => {
      if (hasNextPage && !isFetchingNextPage && error === null) void query.fetchNextPage();
    },
    retry: () => void (data === undefined ? query.refetch() : query.fetchNextPage()),
  };
}
