import { useQuery } from '@tanstack/react-query';
import { admin, dataOf } from './client';
import { COUNTED_LATER, useLiveQueries } from './use-live';

const OVERVIEW = ['overview'];
const CHANGES = ['saga', 'incident', 'hold', 'dead-letter', 'reset'];

/** Open sagas, services with their instances, and what needs a person. Read again when the stream reports a change. */
export function useOverview() {
  // Lags, instances, the broker and the outbox change without an event, and the last hour moves on: only the ping, every
  // 15 s, causes them to be read again.
  useLiveQueries([...CHANGES, 'ping'], OVERVIEW, COUNTED_LATER);
  return useQuery({ queryKey: OVERVIEW, queryFn: () => dataOf(admin.GET('/v1/overview')) });
}
