import { Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { admin, dataOf } from '../../api/client';
import { useLiveQueries } from '../../api/use-live';
import { CopyMenu, curlToCopy, linkToCopy, palinodeToCopy } from '../../parts/copy-menu';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import { Screen } from '../../parts/screen';
import { counted } from '../../parts/texts';
import { useFilters } from '../../parts/use-filters';
import { IncidentCard } from './incident-card';
import { RemedyForAll } from './remedy-for-all';

const STATUSES = ['PAUSED', 'HELD', 'COMPENSATED'] as const;
type Status = (typeof STATUSES)[number];

const EMPTY: Readonly<Record<Status, string>> = {
  PAUSED: 'No saga is paused',
  HELD: 'No saga is held',
  COMPENSATED: 'No saga was compensated in the last day',
};

/** Why sagas stand: those with the same reason together. */
export function Incidents() {
  const filters = useFilters(['status']);
  const status = STATUSES.find((each) => each === filters.values.status) ?? 'PAUSED';
  const key = ['incidents', status];
  const query = useQuery({
    queryKey: key,
    queryFn: () => dataOf(admin.GET('/v1/incidents', { params: { query: { status: [status], limit: 100 } } })),
  });
  useLiveQueries(['saga', 'incident', 'hold', 'reset'], ['incidents']);
  return (
    <Screen
      title="Incidents"
      actions={
        <CopyMenu
          items={[
            linkToCopy(),
            curlToCopy(`/v1/incidents?status=${status}`),
            palinodeToCopy('incidents', '--status', status),
          ]}
        />
      }
    >
      <Group gap="md">
        <SegmentedControl
          size="xs"
          aria-label="Status of the sagas"
          data={STATUSES.map((value) => ({ value, label: value.toLowerCase() }))}
          value={status}
          onChange={(value) => filters.set({ status: value === 'PAUSED' ? undefined : value }, { push: true })}
        />
        {query.data && query.data.incidents > 0 && (
          <Text size="sm" c="dimmed">
            {counted(query.data.sagas, 'saga')} for {counted(query.data.incidents, 'reason')}
          </Text>
        )}
        {query.data && status === 'PAUSED' && <RemedyForAll incidents={query.data} />}
      </Group>
      <Loaded
        query={query}
        isEmpty={({ items }) => items.length === 0}
        empty={<Nothing title={EMPTY[status]}>Sagas that need a person appear here, by what stopped them.</Nothing>}
      >
        {({ items }) => (
          <Stack gap="xs">
            {items.map((incident) => (
              <IncidentCard key={incident.id} incident={incident} />
            ))}
          </Stack>
        )}
      </Loaded>
    </Screen>
  );
}
