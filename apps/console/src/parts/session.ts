import { useQuery } from '@tanstack/react-query';
import { admin, dataOf } from '../api/client';

export const SESSION = ['session'] as const;

/** The user of the console, with their role. */
export function useSession() {
  return useQuery({
    queryKey: SESSION,
    queryFn: () => dataOf(admin.GET('/v1/session')),
    staleTime: Infinity,
    // What is shown after a failure would ask again, and be replaced by the wait for the answer.
    retryOnMount: false,
  });
}

/** Why this user may not act; undefined for a user who may. */
export function useWhyNotAct(): string | undefined {
  return useSession().data?.role === 'viewer' ? 'Your role is viewer; this needs operator' : undefined;
}
