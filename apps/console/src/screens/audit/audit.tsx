import { Anchor, Button, Group, Menu } from '@mantine/core';
import { DownloadIcon } from '@primer/octicons-react';
import { Link } from '@tanstack/react-router';
import { admin, dataOf, type Admin } from '../../api/client';
import { settings } from '../../settings';
import { faultText, recordedFault } from '../../faults/fault-text';
import { ColumnChoice, useChosenColumns, type Column } from '../../parts/columns';
import { CopyMenu, curlToCopy, linkToCopy, palinodeToCopy } from '../../parts/copy-menu';
import { DataTable } from '../../parts/data-table';
import { choices, type Filter } from '../../parts/filter';
import { FilterChips } from '../../parts/filter-chips';
import { SagaLink, shortId } from '../../parts/links';
import { Newer } from '../../parts/newer';
import { Nothing } from '../../parts/nothing';
import { usePaged } from '../../parts/paged';
import { SagaStatus } from '../../parts/saga-status';
import { Screen } from '../../parts/screen';
import { count, Line } from '../../parts/texts';
import { Time } from '../../parts/time';
import { useFilters } from '../../parts/use-filters';
import { useLiveList } from '../../parts/use-live-list';
import { heldText } from '../holds/hold-text';
import { Verification } from './verification';

type Entry = Admin['OperatorActionView'];

const columns: readonly Column<Entry>[] = [
  { id: 'position', header: 'No.', width: 70, end: true, cell: ({ position }) => count(position) },
  { id: 'at', header: 'When', width: 130, cell: ({ at }) => <Time at={at} /> },
  { id: 'operator', header: 'Operator', width: 120, cell: ({ operator }) => <Line>{operator}</Line> },
  {
    id: 'action',
    header: 'Action',
    width: 150,
    cell: ({ action, step, signal }) => <Line fw={600}>{[action, step ?? signal].filter(Boolean).join(' ')}</Line>,
  },
  { id: 'target', header: 'On', width: 280, cell: (entry) => <Target entry={entry} /> },
  { id: 'reason', header: 'Reason', width: 180, grows: 1, cell: ({ reason }) => <Line>{reason ?? ''}</Line> },
  {
    id: 'after',
    header: 'Then',
    width: 135,
    cell: ({ after, target }) =>
      target === 'saga' && after?.status !== undefined ? <SagaStatus status={after.status} /> : null,
  },
  {
    id: 'request',
    header: 'Request',
    width: 200,
    extra: true,
    cell: ({ requestId }) => <Line>{requestId ?? ''}</Line>,
  },
];

/** What was acted on, as a link to it. */
function Target({ entry }: { readonly entry: Entry }) {
  const { saga, deadLetter, bulkAction, hold, where, target, before, after } = entry;
  if (target === 'bulk-action' && bulkAction !== undefined)
    return (
      <Anchor fz="sm" renderRoot={(props) => <Link to="/bulk-actions/$id" params={{ id: bulkAction }} {...props} />}>
        bulk action {shortId(bulkAction)}
      </Anchor>
    );
  if (target === 'dead-letter' && deadLetter !== undefined)
    return (
      <Anchor fz="sm" renderRoot={(props) => <Link to="/dead-letters/$id" params={{ id: deadLetter }} {...props} />}>
        dead letter {shortId(deadLetter)}
      </Anchor>
    );
  if (target === 'hold')
    return (
      <Anchor fz="sm" renderRoot={(props) => <Link to="/holds" {...props} />}>
        {where ? heldText(where) : `hold ${shortId(hold ?? '')}`}
      </Anchor>
    );
  const fault = recordedFault(after?.fault ?? before?.fault);
  if (target === 'fault')
    return (
      <Anchor fz="sm" renderRoot={(props) => <Link to="/faults" {...props} />}>
        {fault ? faultText(fault) : `fault ${shortId(entry.fault ?? '')}`}
      </Anchor>
    );
  return saga === undefined ? null : <SagaLink id={saga} />;
}

const FILTERS: readonly Filter[] = [
  {
    name: 'action',
    label: 'Action',
    values: choices(
      'pause',
      'resume',
      'retry',
      'cancel',
      'resolve',
      'skip',
      'signal',
      'hold',
      'release',
      'redrive',
      'discard',
      'reveal',
      'begin',
      'stop',
      'arm',
      'change',
      'disarm',
    ),
  },
  { name: 'target', label: 'On', values: choices('saga', 'hold', 'dead-letter', 'bulk-action', 'fault') },
  { name: 'operator', label: 'Operator', placeholder: 'ada' },
  { name: 'saga', label: 'Saga', placeholder: 'Its id', show: shortId },
  { name: 'bulkAction', label: 'Bulk action', placeholder: 'Its id', show: shortId },
  { name: 'deadLetter', label: 'Dead letter', placeholder: 'Its id', show: shortId },
  { name: 'hold', label: 'Hold', placeholder: 'Its id', show: shortId },
  { name: 'fault', label: 'Fault', placeholder: 'Its id', show: shortId },
];
const NAMES = FILTERS.map(({ name }) => name);

/** What operators did, in a chain that shows every change. */
export function Audit() {
  const filters = useFilters(NAMES);
  const chosen = useChosenColumns('audit', columns);
  const query = filters.values as Partial<Pick<Entry, 'action' | 'target' | 'operator' | 'saga' | 'hold'>>;
  const key = ['operator-actions', 'list', query];
  const list = usePaged(key, (cursor, signal) =>
    dataOf(admin.GET('/v1/operator-actions', { params: { query: { ...query, cursor, limit: 100 } }, signal })),
  );
  const live = useLiveList(['operator-action', 'reset'], key, list);
  return (
    <Screen
      title="Audit"
      fills
      actions={
        <Group gap="xs">
          <ColumnChoice columns={columns} chosen={chosen} />
          <Export />
          <CopyMenu items={[linkToCopy(), curlToCopy('/v1/operator-actions'), palinodeToCopy('audit')]} />
        </Group>
      }
    >
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <FilterChips filters={FILTERS} state={filters} />
          <Newer live={live} />
        </Group>
        <Verification />
      </Group>
      <DataTable
        noun="action"
        columns={columns}
        chosen={chosen}
        list={list}
        rowId={({ id }) => id}
        empty={
          <Nothing title={Object.keys(query).length > 0 ? 'No action matches' : 'Nobody has acted yet'}>
            Every action of an operator is kept here with its reason.
          </Nothing>
        }
      />
    </Screen>
  );
}

function Export() {
  const href = (format: string): string => `${settings.adminPath}/v1/operator-actions/export?format=${format}`;
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<DownloadIcon size={14} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {['csv', 'ndjson'].map((format) => (
          <Menu.Item key={format} component="a" href={href(format)} download={`operator-actions.${format}`}>
            {format.toUpperCase()}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
