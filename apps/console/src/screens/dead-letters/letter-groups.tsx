import { Anchor, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { admin, dataOf, type Admin } from '../../api/client';
import { useLiveQueries } from '../../api/use-live';
import { ActButton } from '../../parts/act-button';
import { BulkDialog, wordOf, type BulkAction, type BulkTarget } from '../../parts/bulk-dialog';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import { count, counted, Words } from '../../parts/texts';
import { Time } from '../../parts/time';

type LetterGroup = Admin['DeadLetterGroupView'];

/**
 * Open dead letters that are a second old or older: a bulk action needs a filter. The dialog sends the number that its
 * preview found, and the API refuses the action when another number matches by then.
 */
const ALL: BulkTarget = { where: { olderThan: '1s' } };

/** Open dead letters by their reason, ids and numbers aside. */
export function LetterGroups() {
  const key = ['dead-letters', 'groups'];
  const query = useQuery({
    queryKey: key,
    queryFn: () => dataOf(admin.GET('/v1/dead-letters/groups', { params: { query: { status: 'open', limit: 100 } } })),
  });
  useLiveQueries(['dead-letter', 'reset'], key);
  return (
    <Loaded
      query={query}
      isEmpty={({ items }) => items.length === 0}
      empty={
        <Nothing title="No dead letter is open">
          Messages that no receiver could process appear here, by reason.
        </Nothing>
      }
    >
      {(groups) => (
        <Stack gap="xs">
          {groups.items.length > 1 && <DecisionOnAll groups={groups} />}
          {groups.items.map((group) => (
            <GroupCard key={group.id} group={group} />
          ))}
        </Stack>
      )}
    </Loaded>
  );
}

/** One decision on the open letters of all groups. */
function DecisionOnAll({ groups: { items, groups } }: { readonly groups: Admin['DeadLetterGroups'] }) {
  const [action, setAction] = useState<BulkAction>();
  // How many letters there are is not known when the API cut the list of groups.
  const letters = items.length < groups ? undefined : items.reduce((sum, group) => sum + group.count, 0);
  return (
    <Group gap={6} justify="end">
      {(['redrive', 'discard'] as const).map((each) => (
        <ActButton key={each} size="xs" variant="default" onClick={() => setAction(each)}>
          {wordOf(each)} all{letters !== undefined && ` ${count(letters)}`}
        </ActButton>
      ))}
      <BulkDialog action={action} target={ALL} noun="dead letter" onClose={() => setAction(undefined)} />
    </Group>
  );
}

function GroupCard({ group }: { readonly group: LetterGroup }) {
  const [action, setAction] = useState<BulkAction>();
  const { id, reason, service, topic, type, sample, sagas } = group;
  return (
    <Paper withBorder px="md" py="sm" component="article" aria-label={`Dead letters: ${reason}`}>
      <Group justify="space-between" align="start" gap="md">
        <Stack gap={4} flex="1 1 20rem" miw={0}>
          <Group gap="xs">
            <Anchor
              fw={700}
              c="inherit"
              renderRoot={(props) => <Link to="/dead-letters" search={{ view: 'letters', group: id }} {...props} />}
            >
              {counted(group.count, 'letter')}
            </Anchor>
            <Text size="sm" fw={600} c="var(--state-paused)">
              <Words>{reason}</Words>
            </Text>
            <Text size="sm" c="dimmed">
              <Words>{type === undefined ? topic : `${type} in ${topic}`}</Words> · <Words>{service}</Words>
            </Text>
          </Group>
          <Text fz="xs" ff="monospace" lineClamp={2}>
            <Words>{sample.detail}</Words>
          </Text>
          <Text size="xs" c="dimmed">
            First <Time at={group.first} />, last <Time at={group.last} /> · {counted(sagas, 'saga')}
            {' · '}
            <Anchor
              fz="xs"
              underline="always"
              renderRoot={(props) => <Link to="/dead-letters/$id" params={{ id: sample.id }} {...props} />}
            >
              see one
            </Anchor>
          </Text>
        </Stack>
        <Group gap={6}>
          <ActButton size="xs" onClick={() => setAction('redrive')}>
            Redrive
          </ActButton>
          <ActButton size="xs" variant="default" onClick={() => setAction('discard')}>
            Discard
          </ActButton>
        </Group>
      </Group>
      <BulkDialog
        action={action}
        target={{ where: { group: id } }}
        noun="dead letter"
        onClose={() => setAction(undefined)}
      />
    </Paper>
  );
}
