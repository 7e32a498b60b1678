import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { admin, dataOf, type Admin } from '../../api/client';
import { Problem } from '../../api/problem';
import { useLiveEvent } from '../../api/use-live';

export type SagaDetail = Admin['SagaDetail'];
export type Diagnosis = Admin['DiagnosisView'];

/** Everything that is read of one saga is below this key. */
export const sagaKey = (id: string): readonly string[] => ['saga', id];

/** How often a saga is asked for whose start is on its way. */
const START_MS = 300;

/** A saga with its history; read anew when it changes. */
export function useSaga(id: string) {
  useChangesOf(id);
  return useQuery(detailOf(id));
}

/** The same for a saga whose start is on its way, perhaps for as long as the broker is away. */
export function useStartedSaga(id: string) {
  useChangesOf(id);
  return useQuery({
    ...detailOf(id),
    retry: (_, error) => error instanceof Problem && error.status === 404,
    retryDelay: START_MS,
  });
}

function detailOf(id: string) {
  return {
    queryKey: [...sagaKey(id), 'detail'],
    queryFn: () => dataOf(admin.GET('/v1/sagas/{id}', { params: { path: { id } } })),
  };
}

/** Why it stands where it stands. */
export function useDiagnosis(id: string) {
  return useQuery({
    queryKey: [...sagaKey(id), 'diagnosis'],
    queryFn: () => dataOf(admin.GET('/v1/sagas/{id}/diagnosis', { params: { path: { id } } })),
  });
}

/** A saga that changes quickly is read at most this often. */
const COLLECT_MS = 200;

/** Reads everything of the saga anew when the stream names it, or says that something was missed. */
function useChangesOf(id: string): void {
  const queries = useQueryClient();
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(waiting.current), [id]);
  const refresh = useCallback(() => {
    waiting.current ??= setTimeout(() => {
      waiting.current = undefined;
      void queries.invalidateQueries({ queryKey: sagaKey(id) });
    }, COLLECT_MS);
  }, [queries, id]);
  const ifIts = (data: unknown): void => {
    if (namesSaga(data, id)) refresh();
  };
  useLiveEvent('saga', ifIts);
  useLiveEvent('dead-letter', ifIts);
  useLiveEvent('operator-action', ifIts);
  useLiveEvent('hold', refresh);
  useLiveEvent('reset', refresh);
}

/** True when the event is of this saga, or of something that concerns it. */
function namesSaga(data: unknown, id: string): boolean {
  const { id: own, saga } = (data ?? {}) as { readonly id?: unknown; readonly saga?: unknown };
  return own === id || saga === id;
}
