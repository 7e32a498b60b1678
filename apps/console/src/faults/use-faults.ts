import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { notifications } from '@mantine/notifications';
import { admin, dataOf, type Admin } from '../api/client';
import { Problem } from '../api/problem';
import { useLiveQueries } from '../api/use-live';

type Effect = Admin['EffectRequest']['type'];
type Point = Admin['FaultRequest']['point'];
export type Role = 'participant' | 'starter' | 'orchestrator';
/** By role and point, the effects that are possible there. */
export type Possible = Readonly<Record<Role, Readonly<Partial<Record<Point, readonly Effect[]>>>>>;
export type Catalog = Omit<Admin['CatalogView'], 'possible'> & { readonly possible: Possible };

/** What can be broken; undefined where the backend has no faults, as in production. */
export function useFaultCatalog(): Catalog | undefined {
  const { data } = useQuery({
    queryKey: ['faults', 'catalog'],
    queryFn: () =>
      dataOf(admin.GET('/v1/faults/catalog')).then(
        (catalog): Catalog => ({ ...catalog, possible: catalog.possible as unknown as Possible }),
        (error: unknown) => {
          if (error instanceof Problem && error.status === 404) return null;
          throw error;
        },
      ),
    staleTime: Infinity,
  });
  return data ?? undefined;
}

export const ARMED = ['faults', 'armed'];

/** The armed faults. */
export function useArmedFaults() {
  const isThere = useFaultCatalog() !== undefined;
  useLiveQueries(['fault', 'saga'], ARMED);
  return useQuery({ queryKey: ARMED, queryFn: () => dataOf(admin.GET('/v1/faults')), enabled: isThere });
}

/** Arms and disarms faults. What is refused is shown with the server's reason. */
export function useArming() {
  const queries = useQueryClient();
  const settled = () => queries.invalidateQueries({ queryKey: ARMED });
  const failed = (error: Error): void =>
    void notifications.show({ color: 'red', title: 'Not done', message: error.message });
  return {
    arm: useMutation({
      mutationFn: (fault: Admin['FaultRequest']) => dataOf(admin.POST('/v1/faults', { body: fault })),
      onSettled: settled,
    }),
    disarm: useMutation({
      mutationFn: (id: string) => admin.DELETE('/v1/faults/{id}', { params: { path: { id } } }),
      onSettled: settled,
      onError: failed,
    }),
    disarmAll: useMutation({
      mutationFn: () => admin.POST('/v1/faults/reset', {}),
      onSettled: settled,
      onError: failed,
    }),
  };
}
