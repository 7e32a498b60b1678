import { Anchor, Group } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { admin, dataOf, type Admin } from '../../api/client';
import { wordOf } from '../../parts/bulk-dialog';
import type { Column } from '../../parts/columns';
import { CopyMenu, curlToCopy, linkToCopy, palinodeToCopy } from '../../parts/copy-menu';
import { DataTable } from '../../parts/data-table';
import { choices, type Filter } from '../../parts/filter';
import { FilterChips } from '../../parts/filter-chips';
import { Newer } from '../../parts/newer';
import { Nothing } from '../../parts/nothing';
import { usePaged } from '../../parts/paged';
import { Screen } from '../../parts/screen';
import { count, Line } from '../../parts/texts';
import { Time } from '../../parts/time';
import { useFilters } from '../../parts/use-filters';
import { useLiveList } from '../../parts/use-live-list';
import { BulkProgress, BulkStatus } from './bulk-status';

type Row = Admin['BulkActionView'];

const columns: readonly Column<Row>[] = [
  { id: 'status', header: 'Status', width: 120, cell: ({ status }) => <BulkStatus status={status} /> },
  {
    id: 'action',
    header: 'Action',
    width: 200,
    cell: ({ id, action, total, on }) => (
      <Anchor fz="sm" renderRoot={(props) => <Link to="/bulk-actions/$id" params={{ id }} {...props} />}>
        {`${wordOf(action)} ${count(total)} ${on === 'sagas' ? 'sagas' : 'dead letters'}`}
      </Anchor>
    ),
  },
  { id: 'progress', header: 'Progress', width: 160, cell: (bulkAction) => <BulkProgress bulkAction={bulkAction} /> },
  {
    id: 'left',
    header: 'Left',
    width: 70,
    end: true,
    cell: ({ items }) => count(items.pending),
  },
  { id: 'reason', header: 'Reason', width: 200, grows: 1, cell: ({ reason }) => <Line>{reason}</Line> },
  { id: 'operator', header: 'Operator', width: 110, cell: ({ operator }) => <Line>{operator}</Line> },
  { id: 'created', header: 'Began', width: 130, cell: ({ createdAt }) => <Time at={createdAt} /> },
];

const FILTERS: readonly Filter[] = [
  { name: 'status', label: 'Status', values: choices('running', 'waiting', 'paused', 'completed', 'stopped') },
];

/** Actions on many sagas or dead letters. */
export function BulkActions() {
  const navigate = useNavigate();
  const filters = useFilters(['status']);
  const status = filters.values.status as Row['status'] | undefined;
  const key = ['bulk-actions', 'list', status];
  const list = usePaged(key, (cursor, signal) =>
    dataOf(admin.GET('/v1/bulk-actions', { params: { query: { status, cursor, limit: 100 } }, signal })),
  );
  const live = useLiveList(['bulk-action', 'reset'], key, list);
  return (
    <Screen
      title="Bulk actions"
      fills
      actions={<CopyMenu items={[linkToCopy(), curlToCopy('/v1/bulk-actions'), palinodeToCopy('bulk')]} />}
    >
      <Group gap="xs">
        <FilterChips filters={FILTERS} state={filters} />
        <Newer live={live} />
      </Group>
      <DataTable
        noun="bulk action"
        columns={columns}
        list={list}
        rowId={({ id }) => id}
        onOpen={({ id }) => void navigate({ to: '/bulk-actions/$id', params: { id } })}
        empty={
          <Nothing title="No bulk action">
            Select sagas or an incident, and act on them together; each such action is listed here.
          </Nothing>
        }
      />
    </Screen>
  );
}
