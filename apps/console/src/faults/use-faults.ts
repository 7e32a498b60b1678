import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { admin, dataOf, type Admin } from '../api/client';
import { Problem } from '../api/problem';
import { useLiveQueries } from '../api/use-live';
import { notifyFailure } from '../parts/notify-failure';
import { operatorHeader, useOperator } from '../parts/operator';

export type Catalog = Admin['CatalogView'];

/** What can be broken; undefined where the backend has no faults, as in production, and before it has answered. */
export function useFaultCatalog(): Catalog | undefined {
  return useFaultCatalogQuery().data ?? undefined;
}

/** The same with its failure. The data are null where the backend has no faults. */
export function useFaultCatalogQuery(): UseQueryResult<Catalog | null> {
  return useQuery({
    queryKey: ['faults', 'catalog'],
    queryFn: () =>
      dataOf(admin.GET('/v1/faults/catalog')).catch((error: unknown) => {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }),
    staleTime: Infinity,
  });
}

export const ARMED = ['faults', 'list'];

/** Any event of a saga may be a hit. */
const HITS_EVERY_MS = 2_000;

/** The armed faults. */
export function useArmedFaults() {
  const isThere = useFaultCatalog() !== undefined;
  useLiveQueries(['fault', 'reset'], ARMED);
  useLiveQueries(['saga'], ARMED, { everyMs: HITS_EVERY_MS, enabled: isThere });
  return useQuery({ queryKey: ARMED, queryFn: () => dataOf(admin.GET('/v1/faults')), enabled: isThere });
}

/** Arms and disarms faults. What is refused is shown with the server's reason. */
export function useArming() {
  const queries = useQueryClient();
  const [operator] = useOperator();
  const header = operatorHeader(operator);
  const settled = () => queries.invalidateQueries({ queryKey: ARMED });
  const failed = notifyFailure('Not done');
  return {
    arm: useMutation({
      mutationFn: (fault: Admin['FaultRequest']) =>
        dataOf(admin.POST('/v1/faults', { body: fault, params: { header } })),
      onSettled: settled,
    }),
    disarm: useMutation({
      mutationFn: (id: string) => admin.DELETE('/v1/faults/{id}', { params: { path: { id }, header } }),
      onSettled: settled,
      onError: failed,
    }),
    disarmAll: useMutation({
      mutationFn: () => admin.POST('/v1/faults/reset', { params: { header } }),
      onSettled: settled,
      onError: failed,
    }),
  };
}
