import { Spotlight } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { admin, dataOf } from '../api/client';
import { places } from './places';

/** ⌘K: goes to a screen, or to a saga by any of its ids. */
export function Commands() {
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const [asked] = useDebouncedValue(query.trim(), 150);
  const { data } = useQuery({
    queryKey: ['sagas', 'found', asked],
    queryFn: () => dataOf(admin.GET('/v1/sagas', { params: { query: { q: asked, limit: 8 } } })),
    enabled: asked.length >= 3,
  });
  const found = (data?.items ?? []).map(({ id, definition, status, subject }) => ({
    id,
    label: subject ?? id,
    description: `${definition}, ${status.toLowerCase()}`,
    onClick: () => void navigate({ to: '/sagas/$id', params: { id } }),
  }));
  const screens = places.map(({ to, label }) => ({ id: to, label, onClick: () => void navigate({ to }) }));
  return (
    <Spotlight
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K', '/']}
      nothingFound="Nothing has this id."
      searchProps={{ placeholder: 'A screen, or an id of a saga, order, command or message', 'aria-label': 'Find' }}
      filter={(_, actions) => actions}
      actions={[
        { group: 'Screens', actions: screens.filter(({ label }) => label.toLowerCase().includes(query.toLowerCase())) },
        { group: 'Sagas', actions: found },
      ]}
    />
  );
}
