import { Alert, Group, Text } from '@mantine/core';
import { DefinitionLink, SagaLink } from '../../parts/links';
import { SagaStatus } from '../../parts/saga-status';
import { durationText } from '../../parts/duration-text';
import { Time, useNow } from '../../parts/time';
import { DiagnosisCard } from './diagnosis-card';
import type { SagaDetail } from './use-saga';

/** What the saga is, and why it stands where it stands. */
export function SagaHeader({ saga }: { readonly saga: SagaDetail }) {
  const { id, definition, version, status, held, startedAt, endedAt, parent, warning } = saga;
  return (
    <>
      <Group gap="md">
        <SagaStatus status={status} held={held} />
        <DefinitionLink name={definition} version={version} />
        <Text size="sm" ff="monospace" title="The id of the saga">
          {id}
        </Text>
        <Text size="sm" c="dimmed">
          Started <Time at={startedAt} />, {endedAt === undefined ? 'for ' : 'took '}
          <Lasted from={startedAt} to={endedAt} />
        </Text>
        {parent && (
          <Text size="sm">
            Child of <SagaLink id={parent.saga} /> (step {parent.step})
          </Text>
        )}
      </Group>
      {warning !== undefined && (
        <Alert color="yellow" variant="light" title="Look at it in time">
          {warning}
        </Alert>
      )}
      <DiagnosisCard saga={saga} />
    </>
  );
}

function Lasted({ from, to }: { readonly from: string; readonly to: string | undefined }) {
  const now = useNow();
  return <>{durationText((to === undefined ? now : Date.parse(to)) - Date.parse(from))}</>;
}
