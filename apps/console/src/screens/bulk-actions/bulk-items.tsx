import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { admin, dataOf, type Admin } from '../../api/client';
import type { Column } from '../../parts/columns';
import { DataTable } from '../../parts/data-table';
import { choices, type Filter } from '../../parts/filter';
import { FilterChips } from '../../parts/filter-chips';
import { SagaLink } from '../../parts/links';
import { Nothing } from '../../parts/nothing';
import { usePaged } from '../../parts/paged';
import { SagaStatus } from '../../parts/saga-status';
import { StateBadge, type StateColor } from '../../parts/state-badge';
import { Line } from '../../parts/texts';
import { Time } from '../../parts/time';
import { useFilters } from '../../parts/use-filters';
import { useLiveList } from '../../parts/use-live-list';

type Item = Admin['BulkItemView'];

const STATUSES: Readonly<Record<Item['status'], { readonly color: StateColor; readonly sign: string }>> = {
  pending: { color: 'ignored', sign: '·' },
  done: { color: 'completed', sign: '✓' },
  skipped: { color: 'ignored', sign: '–' },
  failed: { color: 'paused', sign: '✗' },
};

const OUTCOMES: Readonly<
  Record<NonNullable<Item['outcome']>, { readonly word: string; readonly color: StateColor; readonly sign: string }>
> = {
  pending: { word: 'under way', color: 'running', sign: '▶' },
  'as-meant': { word: 'as meant', color: 'completed', sign: '✓' },
  otherwise: { word: 'another end', color: 'paused', sign: '!' },
};

const columnsOf = (on: 'sagas' | 'dead-letters'): readonly Column<Item>[] => [
  {
    id: 'id',
    header: on === 'sagas' ? 'Saga' : 'Dead letter',
    width: 290,
    cell: ({ id }) =>
      on === 'sagas' ? (
        <SagaLink id={id} />
      ) : (
        <Anchor
          ff="monospace"
          fz="xs"
          renderRoot={(props) => <Link to="/dead-letters/$id" params={{ id }} {...props} />}
        >
          {id}
        </Anchor>
      ),
  },
  {
    id: 'status',
    header: 'Action',
    width: 110,
    cell: ({ status }) => <StateBadge word={status} {...STATUSES[status]} />,
  },
  {
    id: 'outcome',
    header: 'Outcome',
    width: 130,
    cell: ({ outcome }) => outcome && <StateBadge {...OUTCOMES[outcome]} />,
  },
  {
    id: 'now',
    header: 'Now',
    width: 140,
    cell: ({ now }) => now && (on === 'sagas' ? <SagaStatus status={now} /> : now),
  },
  {
    id: 'detail',
    header: 'Detail',
    width: 180,
    grows: 1,
    cell: ({ detail, reason }) => <Line>{detail ?? reason ?? ''}</Line>,
  },
  { id: 'at', header: 'At', width: 130, cell: ({ at }) => at && <Time at={at} /> },
];
const COLUMNS = { sagas: columnsOf('sagas'), 'dead-letters': columnsOf('dead-letters') };

const FILTERS: readonly Filter[] = [
  { name: 'item', label: 'Action', values: choices('pending', 'done', 'skipped', 'failed') },
  {
    name: 'outcome',
    label: 'Outcome',
    values: Object.entries(OUTCOMES).map(([value, { word }]) => ({ value, label: word })),
  },
];

/** What a bulk action acts on, with the result for each. */
export function BulkItems({ id, on }: { readonly id: string; readonly on: 'sagas' | 'dead-letters' }) {
  const filters = useFilters(['item', 'outcome']);
  const status = filters.values.item as Item['status'] | undefined;
  const outcome = filters.values.outcome as Item['outcome'];
  const key = ['bulk-actions', 'items', id, status, outcome];
  const list = usePaged(key, (cursor, signal) =>
    dataOf(
      admin.GET('/v1/bulk-actions/{id}/items', {
        params: { path: { id }, query: { status, outcome, cursor, limit: 100 } },
        signal,
      }),
    ),
  );
  useLiveList(['bulk-action', 'saga', 'dead-letter', 'reset'], key, list);
  return (
    <>
      <FilterChips filters={FILTERS} state={filters} />
      <DataTable
        noun="item"
        columns={COLUMNS[on]}
        list={list}
        rowId={(item) => item.id}
        empty={<Nothing title="Nothing matches these filters" />}
      />
    </>
  );
}
