import { Alert, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { admin, dataOf, type Admin } from '../../api/client';
import { useLiveQueries } from '../../api/use-live';
import { ActionDialog } from '../../parts/action-dialog';
import { ActButton } from '../../parts/act-button';
import { wordOf } from '../../parts/bulk-dialog';
import { CopyMenu, curlToCopy, linkToCopy, palinodeToCopy } from '../../parts/copy-menu';
import { Facts } from '../../parts/facts';
import { Loaded } from '../../parts/loaded';
import { operatorHeader } from '../../parts/operator';
import { Screen } from '../../parts/screen';
import { count, counted, Words } from '../../parts/texts';
import { Time } from '../../parts/time';
import { BulkItems } from './bulk-items';
import { BulkProgress, BulkStatus } from './bulk-status';

type BulkActionView = Admin['BulkActionView'];

/** One bulk action: how far it is, and what became of what it acted on. */
export function BulkAction() {
  const { id } = useParams({ from: '/bulk-actions/$id' });
  const key = ['bulk-actions', 'one', id];
  const query = useQuery({
    queryKey: key,
    queryFn: () => dataOf(admin.GET('/v1/bulk-actions/{id}', { params: { path: { id } } })),
  });
  useLiveQueries(['bulk-action', 'saga', 'dead-letter', 'reset'], key);
  const { data } = query;
  return (
    <Screen
      title={
        data
          ? `${wordOf(data.action)} ${count(data.total)} ${data.on === 'sagas' ? 'sagas' : 'dead letters'}`
          : 'Bulk action'
      }
      fills
      actions={
        <Group gap="xs">
          {data && <Changes bulkAction={data} />}
          <CopyMenu items={[linkToCopy(), curlToCopy(`/v1/bulk-actions/${id}`), palinodeToCopy('bulk', id)]} />
        </Group>
      }
    >
      <Loaded query={query}>
        {(bulkAction) => (
          <>
            <Paper withBorder p="md">
              <Stack gap="sm">
                <Group gap="md">
                  <BulkStatus status={bulkAction.status} />
                  <Text size="sm">
                    <Words>{bulkAction.reason}</Words>
                  </Text>
                </Group>
                <BulkProgress bulkAction={bulkAction} />
                <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
                  <Facts facts={progressOf(bulkAction)} />
                  <Facts facts={orderOf(bulkAction)} />
                </SimpleGrid>
              </Stack>
            </Paper>
            {bulkAction.why !== undefined && (
              <Alert color={bulkAction.status === 'paused' ? 'red' : 'blue'} variant="light">
                <Words>{bulkAction.why}</Words>
              </Alert>
            )}
            <BulkItems id={id} on={bulkAction.on} />
          </>
        )}
      </Loaded>
    </Screen>
  );
}

function progressOf({ items, outcomes, total }: BulkActionView) {
  return {
    Done: `${count(items.done)} of ${count(total)}${items.skipped > 0 ? `, ${count(items.skipped)} skipped` : ''}${items.failed > 0 ? `, ${count(items.failed)} failed` : ''}`,
    'Ended as meant': count(outcomes.asMeant),
    'Came to another end': count(outcomes.otherwise),
    'Still under way': count(outcomes.pending),
  };
}

function orderOf({ operator, createdAt, endedAt, ratePerSecond, canary, canaryPassed, stopOnFailure }: BulkActionView) {
  return {
    Operator: <Words>{operator}</Words>,
    Began: <Time at={createdAt} />,
    Ended: endedAt && <Time at={endedAt} />,
    Pace: `${ratePerSecond} per second${stopOnFailure ? ', until one fails' : ''}`,
    Canary:
      canary === undefined
        ? undefined
        : `${counted(canary, 'item')} first, ${canaryPassed ? 'ended well' : 'not ended yet'}`,
  };
}

const CHANGES = {
  pause: { statuses: ['running', 'waiting'], explanation: 'Nothing further is acted on until somebody resumes it.' },
  resume: { statuses: ['paused', 'waiting'], explanation: 'It goes on with what is left.' },
  stop: { statuses: ['running', 'waiting', 'paused'], explanation: 'What is left is never acted on.' },
} as const;
type Change = keyof typeof CHANGES;

function Changes({ bulkAction: { id, status, items } }: { readonly bulkAction: BulkActionView }) {
  const [change, setChange] = useState<Change>();
  const queries = useQueryClient();
  const possible = (Object.keys(CHANGES) as Change[]).filter((each) =>
    (CHANGES[each].statuses as readonly string[]).includes(status),
  );
  const readAgain = () => void queries.invalidateQueries({ queryKey: ['bulk-actions'] });
  return (
    <>
      {possible.map((each) => (
        <ActButton
          key={each}
          size="xs"
          variant={each === 'stop' ? 'outline' : 'default'}
          color={each === 'stop' ? 'red' : undefined}
          onClick={() => setChange(each)}
        >
          {wordOf(each as 'pause')}
        </ActButton>
      ))}
      {change && (
        <ActionDialog
          opened
          onClose={() => setChange(undefined)}
          title={`${wordOf(change as 'pause')} this bulk action, ${counted(items.pending, 'item')} left`}
          confirm={wordOf(change as 'pause')}
          color={change === 'stop' ? 'red' : undefined}
          explanation={CHANGES[change].explanation}
          send={({ reason, operator }) =>
            dataOf(
              admin.POST(`/v1/bulk-actions/{id}/${change}`, {
                params: { path: { id }, header: operatorHeader(operator) },
                body: { reason },
              }),
            )
          }
          onDone={readAgain}
          onLookAgain={readAgain}
        />
      )}
    </>
  );
}
