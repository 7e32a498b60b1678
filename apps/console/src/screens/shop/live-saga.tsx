import { Anchor, Group, Paper, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { admin, dataOf } from '../../api/client';
import { Problem } from '../../api/problem';
import { useLiveQueries } from '../../api/use-live';
import { Loaded } from '../../parts/loaded';
import { SagaStatus } from '../../parts/saga-status';

const SequenceDiagram = lazy(() =>
  import('../../diagram/sequence-diagram').then((module) => ({ default: module.SequenceDiagram })),
);

const START_MS = 300;

/** A saga as its diagram, which grows while the saga runs. */
export function LiveSaga({ id, title }: { readonly id: string; readonly title: string }) {
  const [at, setAt] = useState<number>();
  const queryKey = ['saga', id];
  const query = useQuery({
    queryKey,
    queryFn: () => dataOf(admin.GET('/v1/sagas/{id}', { params: { path: { id } } })),
    // Its start is on its way from the service that placed the order, perhaps for as long as the broker is away.
    retry: (_, error) => error instanceof Problem && error.status === 404,
    retryDelay: START_MS,
  });
  useLiveQueries(['saga'], queryKey);
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Group justify="space-between" mb="xs">
        <Group gap="xs">
          <Title order={2} size="h4">
            {title}
          </Title>
          {query.data && <SagaStatus status={query.data.status} held={query.data.held} />}
        </Group>
        <Anchor component={Link} to="/sagas/$id" params={{ id } as never} size="sm">
          Open the saga
        </Anchor>
      </Group>
      <Loaded query={query}>
        {(saga) => (
          <>
            {saga.cause && (
              <Text size="sm" c="dimmed" mb="xs">
                Compensated because of {saga.cause.reason}
                {saga.cause.step && ` in the step ${saga.cause.step}`}.
              </Text>
            )}
            <Suspense fallback={null}>
              <SequenceDiagram saga={saga} at={at} onSelect={setAt} />
            </Suspense>
          </>
        )}
      </Loaded>
    </Paper>
  );
}
