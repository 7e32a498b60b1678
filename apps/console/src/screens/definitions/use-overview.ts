import { useQuery } from '@tanstack/react-query';
import { admin, dataOf } from '../../api/client';

export const OVERVIEW = ['overview'];

/** How everything is: open sagas by version, and which instances have which definitions. */
export function useOverview() {
  return useQuery({ queryKey: OVERVIEW, queryFn: () => dataOf(admin.GET('/v1/overview')) });
}
