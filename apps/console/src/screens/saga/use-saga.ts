import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { admin, dataOf, type Admin } from '../../api/client';
import { Problem } from '../../api/problem';
import { liveStream } from '../../api/use-live';
import { Refresher } from '../../api/refresher';

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
  useEffect(() => {
    const refresher = new Refresher(queries, sagaKey(id), COLLECT_MS);
    const changedIfNamed = ({ data }: { readonly data: unknown }): void => {
      if (namesSaga(data, id)) refresher.changed();
    };
    const ends = [
      ...['saga', 'dead-letter', 'operator-action'].map((name) => liveStream.on(name, changedIfNamed)),
      ...['hold', 'reset'].map((name) => liveStream.on(name, refresher.changed)),
    ];
    return () => {
      for (const end of ends) end();
      refresher.end();
    };
  }, [queries, id]);
}

/** True when the event is of this saga, or of something that concerns it. */
function namesSaga(data: unknown, id: string): boolean {
  const { id: own, saga } = (data ?? {}) as { readonly id?: unknown; readonly saga?: unknown };
  return own === id || saga === id;
}
