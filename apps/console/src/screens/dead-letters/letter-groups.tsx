import { Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { admin, dataOf, type Admin } from '../../api/client';
import { useLiveQueries } from '../../api/use-live';
import { BulkDialog, type BulkAction } from '../../parts/bulk-dialog';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import { counted, Words } from '../../parts/texts';
import { Time } from '../../parts/time';

type LetterGroup = Admin['DeadLetterGroupView'];

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
      {({ items }) => (
        <Stack gap="xs">
          {items.map((group) => (
            <GroupCard key={group.id} group={group} />
          ))}
        </Stack>
      )}
    </Loaded>
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
              renderRoot={(props) => <Link to="/dead-letters/$id" params={{ id: sample.id }} {...props} />}
            >
              see one
            </Anchor>
          </Text>
        </Stack>
        <Group gap={6}>
          <Button size="xs" onClick={() => setAction('redrive')}>
            Redrive
          </Button>
          <Button size="xs" variant="default" onClick={() => setAction('discard')}>
            Discard
          </Button>
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
