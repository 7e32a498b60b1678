import { Alert, Button, Group, Menu, Paper, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { admin, dataOf } from '../../api/client';
import { ActButton } from '../../parts/act-button';
import { BulkDialog, wordOf, type BulkAction, type BulkTarget } from '../../parts/bulk-dialog';
import { ColumnChoice, useChosenColumns } from '../../parts/columns';
import { CopyMenu, curlToCopy, linkToCopy, palinodeToCopy } from '../../parts/copy-menu';
import { DataTable, type Selected } from '../../parts/data-table';
import type { Filter } from '../../parts/filter';
import { FilterChips } from '../../parts/filter-chips';
import { Newer } from '../../parts/newer';
import { Nothing } from '../../parts/nothing';
import { usePaged } from '../../parts/paged';
import { Screen } from '../../parts/screen';
import { SearchBox } from '../../parts/search-box';
import { counted } from '../../parts/texts';
import { useFilters } from '../../parts/use-filters';
import { useLiveList } from '../../parts/use-live-list';
import { sagaColumns } from './saga-columns';
import { criteriaOf, SAGA_FILTER_NAMES, sagaFilters, wordsOf, type Criteria } from './saga-filters';
import { SavedViews } from './saved-views';

const BULK: readonly BulkAction[] = ['resume', 'retry', 'pause', 'cancel', 'resolve', 'skip'];

/** All sagas: found by filters, selected, acted on. */
export function Sagas() {
  const navigate = useNavigate();
  const filters = useFilters(SAGA_FILTER_NAMES);
  const chosen = useChosenColumns('sagas', sagaColumns);
  const where = criteriaOf(filters.values);
  const key = ['sagas', 'list', where];
  const list = usePaged(key, (cursor, signal) =>
    dataOf(admin.GET('/v1/sagas', { params: { query: { ...where, cursor, limit: 100 } }, signal })),
  );
  const live = useLiveList(['saga', 'hold', 'reset'], key, list);
  const described = JSON.stringify(where);
  const [selection, setSelection] = useState<{ of: string; ids: Selected }>({ of: described, ids: {} });
  // A selection is of the list that it was made in.
  const selected = selection.of === described ? selection.ids : {};
  return (
    <Screen
      title="Sagas"
      fills
      actions={
        <Group gap="xs">
          <SavedViews filters={filters} names={SAGA_FILTER_NAMES} />
          <ColumnChoice columns={sagaColumns} chosen={chosen} />
          <CopyMenu
            items={[
              linkToCopy(),
              curlToCopy(`/v1/sagas${queryText(where)}`),
              palinodeToCopy('sagas', ...wordsOf(filters.values)),
            ]}
          />
        </Group>
      }
    >
      <Group gap="xs">
        <SearchBox
          label="Find sagas"
          placeholder="Beginning of an id, a business key or a command id"
          value={filters.values.q ?? ''}
          onChange={(q) => filters.set({ q })}
          least={4}
        />
        <FilterChips filters={useSagaFilters()} state={filters} />
        <Newer live={live} />
      </Group>
      {/* Another list has another “all that match”. */}
      <Acting
        key={described}
        selected={Object.keys(selected)}
        where={where}
        loaded={list.items.length}
        hasMore={list.hasMore}
        clear={() => setSelection({ of: described, ids: {} })}
      />
      <DataTable
        noun="saga"
        columns={sagaColumns}
        chosen={chosen}
        list={list}
        rowId={({ id }) => id}
        onOpen={({ id }) => void navigate({ to: '/sagas/$id', params: { id } })}
        selected={selected}
        onSelect={(ids) => setSelection({ of: described, ids })}
        empty={
          Object.keys(where).length > 0 ? (
            <Nothing title="No saga matches">
              <Button size="xs" variant="default" onClick={filters.clear}>
                Clear the filters
              </Button>
            </Nothing>
          ) : (
            <Nothing title="No saga yet">A saga appears here as soon as a service starts one.</Nothing>
          )
        }
      />
    </Screen>
  );
}

function useSagaFilters(): readonly Filter[] {
  const { data } = useQuery({
    queryKey: ['definitions'],
    queryFn: () => dataOf(admin.GET('/v1/definitions')),
  });
  return sagaFilters([...new Set(data?.items.map(({ name }) => name))]);
}

const TOO_MANY = 'At most 1,000 by hand; filter, and select all that match.';

/** What can be done to the selected sagas, or to all that match. */
function Acting({
  selected,
  where,
  loaded,
  hasMore,
  clear,
}: {
  readonly selected: readonly string[];
  readonly where: Criteria;
  readonly loaded: number;
  readonly hasMore: boolean;
  readonly clear: () => void;
}) {
  const [action, setAction] = useState<BulkAction>();
  const [all, setAll] = useState(false);
  const isFiltered = Object.keys(where).length > 0;
  const everything = all && isFiltered && selected.length > 0;
  const target: BulkTarget = everything ? { where } : { ids: selected };
  if (selected.length === 0) return null;
  const tooMany = !everything && selected.length > 1_000;
  return (
    <Paper withBorder px="sm" py={6} role="region" aria-label="Selection">
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {everything ? 'All sagas that match' : `${counted(selected.length, 'saga')} selected`}
        </Text>
        {!everything && selected.length === loaded && hasMore && isFiltered && (
          <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
            Select all that match
          </Button>
        )}
        <Menu position="bottom-start" shadow="md">
          <Menu.Target>
            <ActButton size="compact-sm" whyNot={tooMany ? TOO_MANY : undefined}>
              Act
            </ActButton>
          </Menu.Target>
          <Menu.Dropdown>
            {BULK.map((each) => (
              <Menu.Item key={each} onClick={() => setAction(each)}>
                {wordOf(each)} …
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          onClick={() => {
            setAll(false);
            clear();
          }}
        >
          Clear
        </Button>
        {tooMany && (
          <Alert p={4} color="orange">
            {TOO_MANY}
          </Alert>
        )}
      </Group>
      <BulkDialog action={action} target={target} onClose={() => setAction(undefined)} />
    </Paper>
  );
}

function queryText(where: Criteria): string {
  const text = new URLSearchParams(Object.entries(where).map(([name, value]) => [name, String(value)]));
  return text.size === 0 ? '' : `?${text}`;
}
