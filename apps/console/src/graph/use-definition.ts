import { useQuery } from '@tanstack/react-query';
import { admin, dataOf } from '../api/client';

/** A version of a definition, the newest unless one is named; nothing is asked while the name is not known. */
export function useDefinition(name: string | undefined, version?: string | number) {
  const query = version === undefined ? {} : { version: Number(version) };
  return useQuery({
    queryKey: ['definitions', name, String(version ?? 'newest')],
    queryFn: () => dataOf(admin.GET('/v1/definitions/{name}', { params: { path: { name: name ?? '' }, query } })),
    enabled: name !== undefined,
  });
}
