import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { admin, dataOf, order } from '../api/client';
import { useArming, useFaultCatalog } from '../faults/use-faults';
import { useWhyNotAct } from '../parts/session';
import { settings } from '../settings';
import { usePlaces } from './use-places';

/** Ids are asked for from this many characters on. */
const LEAST = 4;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** ⌘K: goes to a screen, a definition, an order, or a saga by any of its ids, and does what needs no screen. */
export function Commands() {
  const [query, setQuery] = useState('');
  const [asked] = useDebouncedValue(query.trim(), 150);
  const named = ({ label = '' }: SpotlightActionData): boolean =>
    label.toLowerCase().includes(query.trim().toLowerCase());
  return (
    <Spotlight
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K', '/']}
      scrollable
      maxHeight="60vh"
      nothingFound="Nothing has this name or id."
      searchProps={{ placeholder: 'A screen, a definition, an action, or any id', 'aria-label': 'Find' }}
      filter={(_, actions) => actions}
      actions={[
        { group: 'Sagas', actions: useSagas(asked) },
        { group: 'Orders', actions: useOrder(asked) },
        { group: 'Screens', actions: useScreens().filter(named) },
        { group: 'Definitions', actions: useDefinitions().filter(named) },
        { group: 'Actions', actions: useActions().filter(named) },
      ]}
    />
  );
}

function useSagas(asked: string): SpotlightActionData[] {
  const navigate = useNavigate();
  const { data } = useQuery({
    queryKey: ['sagas', 'found', asked],
    queryFn: () => dataOf(admin.GET('/v1/sagas', { params: { query: { q: asked, limit: 8 } } })),
    enabled: asked.length >= LEAST,
    // What was not there yet may be there now.
    staleTime: 0,
  });
  if (asked.length < LEAST) return [];
  return (data?.items ?? []).map(({ id, definition, status, subject }) => ({
    id,
    label: subject ?? id,
    description: `${definition}, ${status.toLowerCase()}`,
    onClick: () => void navigate({ to: '/sagas/$id', params: { id } }),
  }));
}

function useOrder(asked: string): SpotlightActionData[] {
  const navigate = useNavigate();
  const isId = settings.services.includes('order') && UUID.test(asked);
  const { data } = useQuery({
    queryKey: ['orders', 'found', asked],
    queryFn: () => dataOf(order.GET('/orders/{id}', { params: { path: { id: asked } } })).catch(() => null),
    enabled: isId,
    staleTime: 0,
  });
  if (!isId || !data) return [];
  const { orderId: id, status, customerId } = data;
  return [
    {
      id: `order ${id}`,
      label: `Order ${id}`,
      description: `${status.toLowerCase()}, of ${customerId}`,
      onClick: () => void navigate({ to: '/shop/orders/$id', params: { id } }),
    },
  ];
}

function useScreens(): SpotlightActionData[] {
  const navigate = useNavigate();
  return usePlaces().map(({ to, label, icon: Icon }) => ({
    id: to,
    label,
    leftSection: <Icon size={16} />,
    onClick: () => void navigate({ to }),
  }));
}

function useDefinitions(): SpotlightActionData[] {
  const navigate = useNavigate();
  const { data } = useQuery({ queryKey: ['definitions'], queryFn: () => dataOf(admin.GET('/v1/definitions')) });
  return [...new Set(data?.items.map(({ name }) => name))].map((name) => ({
    id: `definition ${name}`,
    label: name,
    description: 'its steps, versions and durations',
    onClick: () => void navigate({ to: '/definitions/$name', params: { name } }),
  }));
}

function useActions(): SpotlightActionData[] {
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const canDisarm = useWhyNotAct() === undefined;
  const catalog = useFaultCatalog();
  const { disarmAll } = useArming();
  return [
    {
      id: 'theme',
      label: dark ? 'Use the light theme' : 'Use the dark theme',
      onClick: () => setColorScheme(dark ? 'light' : 'dark'),
    },
    {
      id: 'paused',
      label: 'Show the paused sagas',
      onClick: () => void navigate({ to: '/sagas', search: { status: 'PAUSED' } }),
    },
    ...(catalog !== undefined && canDisarm
      ? [{ id: 'disarm', label: 'Disarm all faults', onClick: () => disarmAll.mutate() }]
      : []),
  ];
}
