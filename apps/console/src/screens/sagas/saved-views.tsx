import { ActionIcon, Button, Group, Menu, TextInput } from '@mantine/core';
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
  const show = ({ values }: View): void =>
    filters.set({ ...Object.fromEntries(names.map((each) => [each, undefined])), ...values }, { push: true });
  const keep = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === '') return;
    save([...saved.filter((view) => view.name !== name.trim()), { name: name.trim(), values: filters.values }]);
    setName('');
  };
  const isFiltered = Object.keys(filters.values).length > 0;
  return (
    <Menu position="bottom-end" shadow="md" width={260} trapFocus>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<BookmarkIcon size={14} />}>
          Views
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {USUAL.map((view) => (
          <Menu.Item key={view.name} onClick={() => show(view)}>
            {view.name}
          </Menu.Item>
        ))}
        {saved.length > 0 && <Menu.Label>Saved in this browser</Menu.Label>}
        {saved.map((view) => (
          <Group key={view.name} gap={0} wrap="nowrap">
            <Menu.Item flex={1} onClick={() => show(view)}>
              <Words most={40}>{view.name}</Words>
            </Menu.Item>
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
            <Menu.Label>Save these filters</Menu.Label>
            <Group gap={4} wrap="nowrap" px={8} pb={4}>
              <TextInput
                size="xs"
                flex={1}
                aria-label="Name of the view"
                placeholder="Name"
                value={name}
                onChange={({ currentTarget }) => setName(currentTarget.value)}
                onKeyDown={(event) => event.stopPropagation()}
              />
              <Button size="xs" type="submit" disabled={name.trim() === ''}>
                Save
              </Button>
            </Group>
          </form>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
