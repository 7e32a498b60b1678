import { Anchor, Group, Paper, Skeleton, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { Loaded } from '../../parts/loaded';
import { SagaStatus } from '../../parts/saga-status';
import { useStartedSaga } from '../saga/use-saga';

const SequenceDiagram = lazy(() =>
  import('../../diagram/sequence-diagram').then((module) => ({ default: module.SequenceDiagram })),
);

/** A saga as its diagram, which grows while the saga runs. */
export function LiveSaga({ id, title }: { readonly id: string; readonly title: string }) {
  const [at, setAt] = useState<number>();
  const query = useStartedSaga(id);
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
            <Suspense fallback={<Skeleton height={240} />}>
              <SequenceDiagram saga={saga} at={at} onSelect={setAt} />
            </Suspense>
          </>
        )}
      </Loaded>
    </Paper>
  );
}
