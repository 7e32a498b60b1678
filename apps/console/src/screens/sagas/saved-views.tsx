import { ActionIcon, Button, Group, NavLink, Popover, Text, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { BookmarkIcon, XIcon } from '@primer/octicons-react';
import { useState, type FormEvent } from 'react';
import { Words } from '../../parts/texts';
import type { Filters } from '../../parts/use-filters';

interface View {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Views that everybody needs. */
const USUAL: readonly View[] = [
  { name: 'Paused', values: { status: 'PAUSED' } },
  { name: 'Held', values: { held: 'true' } },
  { name: 'Compensating', values: { status: 'COMPENSATING' } },
  { name: 'Running', values: { status: 'RUNNING' } },
];

/** Sets of filters by a name; kept in this browser. */
export function SavedViews({ filters, names }: { readonly filters: Filters; readonly names: readonly string[] }) {
  const [saved, save] = useLocalStorage<readonly View[]>({
    key: 'palinode.views.sagas',
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const [name, setName] = useState('');
  const [isOpen, setOpen] = useState(false);
  const show = ({ values }: View): void => {
    setOpen(false);
    filters.set({ ...Object.fromEntries(names.map((each) => [each, undefined])), ...values }, { push: true });
  };
  const keep = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === '') return;
    save([...saved.filter((view) => view.name !== name.trim()), { name: name.trim(), values: filters.values }]);
    setName('');
  };
  const isFiltered = Object.keys(filters.values).length > 0;
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" shadow="md" width={260} trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<BookmarkIcon size={14} />}
          onClick={() => setOpen((was) => !was)}
        >
          Views
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={4} aria-label="Views">
        {USUAL.map((view) => (
          <NavLink key={view.name} component="button" label={view.name} onClick={() => show(view)} />
        ))}
        {saved.length > 0 && <Heading>Saved in this browser</Heading>}
        {saved.map((view) => (
          <Group key={view.name} gap={0} wrap="nowrap">
            <NavLink component="button" label={<Words most={40}>{view.name}</Words>} onClick={() => show(view)} />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={`Forget the view ${view.name}`}
              onClick={() => save(saved.filter((each) => each !== view))}
            >
              <XIcon size={12} />
            </ActionIcon>
          </Group>
        ))}
        {isFiltered && (
          <form onSubmit={keep}>
            <Heading>Save these filters</Heading>
            <Group gap={4} wrap="nowrap" px="sm" pb={4}>
              <TextInput
                size="xs"
                flex={1}
                aria-label="Name of the view"
                placeholder="Name"
                value={name}
                onChange={({ currentTarget }) => setName(currentTarget.value)}
              />
              <Button size="xs" type="submit" disabled={name.trim() === ''}>
                Save
              </Button>
            </Group>
          </form>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function Heading({ children }: { readonly children: string }) {
  return (
    <Text size="xs" c="dimmed" px="sm" pt="xs">
      {children}
    </Text>
  );
}
