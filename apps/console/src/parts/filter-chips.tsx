import { Button, CloseButton, Group, Menu, Popover, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { FilterIcon } from '@primer/octicons-react';
import { useEffect, useState, type FormEvent } from 'react';
import type { Filter } from './filter';
import type { Filters } from './use-filters';
import { cut } from './texts';

interface FilterChipsProps {
  readonly filters: readonly Filter[];
  readonly state: Filters;
  /** What else may be in the address, such as which view is shown. */
  readonly besides?: readonly string[];
}

/** The filters in force as chips, each of which can be changed and removed, and a menu to add one. */
export function FilterChips({ filters, state, besides = [] }: FilterChipsProps) {
  const [opened, setOpened] = useState<string>();
  const inForce = filters.filter(({ name }) => state.values[name] !== undefined);
  const shown = filters.filter(({ name }) => state.values[name] !== undefined || name === opened);
  const others = filters.filter(({ name }) => state.values[name] === undefined);
  return (
    <Group gap={6} role="group" aria-label="Filters">
      {shown.map((filter) => (
        <Chip
          key={filter.name}
          filter={filter}
          value={state.values[filter.name]}
          opened={opened === filter.name}
          open={(now) => setOpened(now ? filter.name : undefined)}
          set={(value) => {
            state.set({ [filter.name]: value }, { push: true });
            setOpened(undefined);
          }}
        />
      ))}
      {others.length > 0 && (
        <Menu position="bottom-start" shadow="md">
          <Menu.Target>
            <Button size="xs" variant="subtle" leftSection={<FilterIcon size={14} />}>
              Filter
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map(({ name, label }) => (
              <Menu.Item key={name} onClick={() => setTimeout(() => setOpened(name))}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {state.others
        .filter((name) => !besides.includes(name))
        .map((name) => (
          <NoFilter key={name} name={name} remove={() => state.set({ [name]: undefined })} />
        ))}
      {inForce.length > 1 && (
        <Button size="xs" variant="subtle" color="gray" onClick={state.clear}>
          Clear all
        </Button>
      )}
    </Group>
  );
}

/** Something in the address that the list cannot be filtered by, such as a misspelt filter. */
function NoFilter({ name, remove }: { readonly name: string; readonly remove: () => void }) {
  return (
    <Group gap={0} role="alert">
      <Text size="xs" c="var(--state-compensating)">
        <bdi>{cut(name, 40)}</bdi> is no filter of this list
      </Text>
      <CloseButton size={30} iconSize={14} aria-label={`Remove ${cut(name, 40)} from the address`} onClick={remove} />
    </Group>
  );
}

interface ChipProps {
  readonly filter: Filter;
  readonly value: string | undefined;
  readonly opened: boolean;
  readonly open: (opened: boolean) => void;
  readonly set: (value: string | undefined) => void;
}

function Chip({ filter, value, opened, open, set }: ChipProps) {
  const { label, values, show } = filter;
  const named = values?.find((each) => each.value === value)?.label;
  const text = value === undefined ? '…' : cut(show?.(value) ?? named ?? value, 40);
  return (
    <Button.Group>
      <Popover opened={opened} onChange={open} position="bottom-start" shadow="md" trapFocus returnFocus>
        <Popover.Target>
          <Button size="xs" variant="light" onClick={() => open(!opened)}>
            <Text span inherit c="dimmed" fw={400} mr={4}>
              {label}
            </Text>
            <bdi>{text}</bdi>
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label={label}>
          {values && values.length <= 6 ? (
            <SegmentedControl
              aria-label={label}
              orientation="vertical"
              size="xs"
              data={values.map((each) => ({ ...each }))}
              value={value ?? ''}
              onChange={set}
            />
          ) : values ? (
            <Stack gap={2}>
              {values.map((each) => (
                <Button
                  key={each.value}
                  size="xs"
                  justify="start"
                  variant={each.value === value ? 'light' : 'subtle'}
                  onClick={() => set(each.value)}
                >
                  {each.label}
                </Button>
              ))}
            </Stack>
          ) : (
            <TextValue filter={filter} value={value ?? ''} set={set} />
          )}
        </Popover.Dropdown>
      </Popover>
      {value !== undefined && (
        <CloseButton
          size={30}
          iconSize={14}
          variant="light"
          radius={0}
          aria-label={`Remove the filter ${label}`}
          onClick={() => set(undefined)}
        />
      )}
    </Button.Group>
  );
}

function TextValue({
  filter: { label, placeholder },
  value,
  set,
}: {
  readonly filter: Filter;
  readonly value: string;
  readonly set: (value: string | undefined) => void;
}) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    set(typed.trim() === '' ? undefined : typed.trim());
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="end" wrap="nowrap">
        <TextInput
          size="xs"
          label={label}
          placeholder={placeholder}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          data-autofocus
        />
        <Button size="xs" type="submit">
          Apply
        </Button>
      </Group>
    </form>
  );
}
