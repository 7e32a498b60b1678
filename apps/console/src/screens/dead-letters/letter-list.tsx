import { Anchor, Button, Group, Paper, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { admin, dataOf, type Admin } from '../../api/client';
import { ActButton } from '../../parts/act-button';
import { BulkDialog, wordOf, type BulkAction } from '../../parts/bulk-dialog';
import type { Column } from '../../parts/columns';
import { DataTable, type Selected } from '../../parts/data-table';
import { choices, type Filter } from '../../parts/filter';
import { FilterChips } from '../../parts/filter-chips';
import { SagaLink, shortId } from '../../parts/links';
import { Newer } from '../../parts/newer';
import { Nothing } from '../../parts/nothing';
import { usePaged } from '../../parts/paged';
import { counted, Line, Words } from '../../parts/texts';
import { Time } from '../../parts/time';
import { useFilters } from '../../parts/use-filters';
import { useLiveList } from '../../parts/use-live-list';
import { LetterStatus } from './letter-status';

type Letter = Admin['DeadLetterSummary'];

const columns: readonly Column<Letter>[] = [
  { id: 'status', header: 'Status', width: 125, cell: (letter) => <LetterStatus {...letter} /> },
  {
    id: 'reason',
    header: 'Reason',
    width: 150,
    cell: ({ id, reason }) => (
      <Anchor fz="sm" renderRoot={(props) => <Link to="/dead-letters/$id" params={{ id }} {...props} />}>
        <Words>{reason}</Words>
      </Anchor>
    ),
  },
  { id: 'type', header: 'Message', width: 170, cell: ({ type, topic }) => <Line>{type ?? topic}</Line> },
  { id: 'service', header: 'Service', width: 110, cell: ({ service }) => <Line>{service}</Line> },
  { id: 'detail', header: 'Detail', width: 200, grows: 1, cell: ({ detail }) => <Line>{detail}</Line> },
  { id: 'saga', header: 'Saga', width: 130, cell: ({ saga }) => saga && <SagaLink id={saga} /> },
  { id: 'kept', header: 'Kept', width: 130, cell: ({ keptAt }) => <Time at={keptAt} /> },
];

const STATUSES = ['open', 'redriven', 'discarded', 'closed'] as const;
const FILTERS: readonly Filter[] = [
  { name: 'status', label: 'Status', values: choices(...STATUSES) },
  { name: 'reason', label: 'Reason', placeholder: 'handler-failed' },
  { name: 'service', label: 'Service', placeholder: 'payment' },
  { name: 'topic', label: 'Topic', placeholder: 'payment.commands' },
  { name: 'saga', label: 'Saga', placeholder: 'Its id', show: shortId },
  { name: 'group', label: 'Group', placeholder: 'Its id', show: shortId },
  { name: 'olderThan', label: 'Older than', placeholder: '1h' },
  { name: 'youngerThan', label: 'Younger than', placeholder: '1h' },
];
const NAMES = FILTERS.map(({ name }) => name);

/** Dead letters one by one: found by filters, selected, decided. */
export function LetterList() {
  const navigate = useNavigate();
  const filters = useFilters(NAMES);
  const where = filters.values as Admin['DeadLetterCriteria'];
  const key = ['dead-letters', 'list', where];
  const list = usePaged(key, (cursor, signal) =>
    dataOf(admin.GET('/v1/dead-letters', { params: { query: { ...where, cursor, limit: 100 } }, signal })),
  );
  const live = useLiveList(['dead-letter', 'reset'], key, list);
  const described = JSON.stringify(where);
  const [selection, setSelection] = useState<{ of: string; ids: Selected }>({ of: described, ids: {} });
  const selected = selection.of === described ? selection.ids : {};
  return (
    <>
      <Group gap="xs">
        <FilterChips filters={FILTERS} state={filters} besides={['view']} />
        <Newer live={live} />
      </Group>
      <Deciding ids={Object.keys(selected)} clear={() => setSelection({ of: described, ids: {} })} />
      <DataTable
        noun="dead letter"
        columns={columns}
        list={list}
        rowId={({ id }) => id}
        onOpen={({ id }) => void navigate({ to: '/dead-letters/$id', params: { id } })}
        selected={selected}
        onSelect={(ids) => setSelection({ of: described, ids })}
        empty={
          <Nothing title={Object.keys(where).length > 0 ? 'No dead letter matches' : 'There is no dead letter'}>
            A message that no receiver could process becomes a dead letter, and its partition continues.
          </Nothing>
        }
      />
    </>
  );
}

function Deciding({ ids, clear }: { readonly ids: readonly string[]; readonly clear: () => void }) {
  const [action, setAction] = useState<BulkAction>();
  if (ids.length === 0) return null;
  return (
    <Paper withBorder px="sm" py={6} role="region" aria-label="Selection">
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {counted(ids.length, 'dead letter')} selected
        </Text>
        {(['redrive', 'discard'] as const).map((each) => (
          <ActButton
            key={each}
            size="compact-sm"
            variant={each === 'redrive' ? 'filled' : 'default'}
            whyNot={ids.length > 1_000 ? 'At most 1,000 by hand' : undefined}
            onClick={() => setAction(each)}
          >
            {wordOf(each)} …
          </ActButton>
        ))}
        <Button size="compact-sm" variant="subtle" color="gray" onClick={clear}>
          Clear
        </Button>
      </Group>
      <BulkDialog action={action} target={{ ids }} noun="dead letter" onClose={() => setAction(undefined)} />
    </Paper>
  );
}
