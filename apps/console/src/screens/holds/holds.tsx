import { Group, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { admin, dataOf, type Admin } from '../../api/client';
import { ActButton } from '../../parts/act-button';
import type { Column } from '../../parts/columns';
import { CopyMenu, curlToCopy, linkToCopy, palinodeToCopy } from '../../parts/copy-menu';
import { DataTable } from '../../parts/data-table';
import { Newer } from '../../parts/newer';
import { Nothing } from '../../parts/nothing';
import { usePaged } from '../../parts/paged';
import { Screen } from '../../parts/screen';
import { StateBadge } from '../../parts/state-badge';
import { count, Line } from '../../parts/texts';
import { Time } from '../../parts/time';
import { useFilters } from '../../parts/use-filters';
import { useLiveList } from '../../parts/use-live-list';
import { HoldDialog } from './hold-dialog';
import { CAUSES, heldText } from './hold-text';
import { ReleaseDialog } from './release-dialog';

type Hold = Admin['HoldView'];

const columnsWith = (release: (hold: Hold) => void): readonly Column<Hold>[] => [
  {
    id: 'status',
    header: 'Status',
    width: 110,
    cell: ({ ended }) =>
      ended ? <StateBadge word="ended" color="ignored" sign="■" /> : <StateBadge word="held" color="held" sign="◷" />,
  },
  { id: 'what', header: 'Holds', width: 220, grows: 1, cell: ({ where }) => <Line fw={600}>{heldText(where)}</Line> },
  { id: 'waiting', header: 'Waiting', width: 80, end: true, cell: ({ waiting }) => count(waiting.sagas) },
  { id: 'cause', header: 'Because', width: 130, cell: ({ cause }) => CAUSES[cause] },
  { id: 'reason', header: 'Reason', width: 200, grows: 1, cell: ({ reason }) => <Line>{reason}</Line> },
  { id: 'by', header: 'By', width: 110, cell: ({ by }) => <Line>{by}</Line> },
  { id: 'since', header: 'Since', width: 130, cell: ({ since }) => <Time at={since} /> },
  {
    id: 'ends',
    header: 'Next',
    width: 150,
    cell: ({ ended, expiresAt, probeAt }) =>
      ended ? (
        <Time at={ended.at} />
      ) : probeAt !== undefined ? (
        <>
          probe <Time at={probeAt} />
        </>
      ) : expiresAt !== undefined ? (
        <>
          ends <Time at={expiresAt} />
        </>
      ) : null,
  },
  {
    id: 'release',
    header: 'Action',
    width: 120,
    cell: (hold) =>
      hold.ended === undefined && (
        <ActButton size="compact-xs" variant="default" onClick={() => release(hold)}>
          Release …
        </ActButton>
      ),
  },
];

/** Which commands are held, why, and how many sagas wait. */
export function Holds() {
  const filters = useFilters(['status']);
  const status = filters.values.status === 'ended' ? 'ended' : 'in-force';
  const [placing, setPlacing] = useState(false);
  const [releasing, setReleasing] = useState<Hold>();
  const [columns] = useState(() => columnsWith(setReleasing));
  const key = ['holds', 'list', status];
  const list = usePaged(key, (cursor, signal) =>
    dataOf(admin.GET('/v1/holds', { params: { query: { status, cursor, limit: 100 } }, signal })),
  );
  const live = useLiveList(['hold', 'saga', 'reset'], key, list);
  return (
    <Screen
      title="Holds"
      fills
      actions={
        <Group gap="xs">
          <ActButton size="xs" onClick={() => setPlacing(true)}>
            Hold commands …
          </ActButton>
          <CopyMenu items={[linkToCopy(), curlToCopy(`/v1/holds?status=${status}`), palinodeToCopy('holds')]} />
        </Group>
      }
    >
      <Group gap="xs">
        <SegmentedControl
          size="xs"
          aria-label="Which holds"
          data={[
            { value: 'in-force', label: 'in force' },
            { value: 'ended', label: 'ended' },
          ]}
          value={status}
          onChange={(value) => filters.set({ status: value === 'ended' ? value : undefined }, { push: true })}
        />
        <Newer live={live} />
      </Group>
      <DataTable
        noun="hold"
        columns={columns}
        list={list}
        rowId={({ id }) => id}
        empty={
          <Nothing title={status === 'ended' ? 'No hold has ended' : 'Nothing is held'}>
            Hold the commands of a service while it is repaired: sagas wait instead of failing.
          </Nothing>
        }
      />
      {placing && <HoldDialog onClose={() => setPlacing(false)} />}
      {releasing && <ReleaseDialog hold={releasing} onClose={() => setReleasing(undefined)} />}
    </Screen>
  );
}
