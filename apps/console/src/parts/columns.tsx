import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { ColumnsIcon } from '@primer/octicons-react';
import type { ReactNode } from 'react';

/** A column of a list. */
export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Its width in pixels; the least one if it grows. */
  readonly width: number;
  /** Its share of the room that is left. */
  readonly grows?: number;
  /** Whether it is aligned to the end, as numbers are. */
  readonly end?: boolean;
  /** Whether it is only shown when somebody chooses it. */
  readonly extra?: boolean;
  /** Whether it cannot be hidden. */
  readonly fixed?: boolean;
}

export interface ChosenColumns {
  readonly visible: Readonly<Record<string, boolean>>;
  readonly choose: (id: string, shown: boolean) => void;
}

/** Which columns of a list are shown; kept in this browser. */
export function useChosenColumns<Row>(name: string, columns: readonly Column<Row>[]): ChosenColumns {
  const [kept, keep] = useLocalStorage<Record<string, boolean>>({
    key: `palinode.columns.${name}`,
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  const visible = Object.fromEntries(
    columns.map(({ id, extra, fixed }) => [id, fixed === true || (kept[id] ?? !extra)]),
  );
  return { visible, choose: (id, shown) => keep((before) => ({ ...before, [id]: shown })) };
}

export function ColumnChoice<Row>({
  columns,
  chosen,
}: {
  readonly columns: readonly Column<Row>[];
  readonly chosen: ChosenColumns;
}) {
  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button size="xs" variant="default" leftSection={<ColumnsIcon size={14} />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Stack gap={8}>
          {columns
            .filter(({ fixed }) => !fixed)
            .map(({ id, header }) => (
              <Checkbox
                key={id}
                size="xs"
                label={header}
                checked={chosen.visible[id] ?? true}
                onChange={({ currentTarget }) => chosen.choose(id, currentTarget.checked)}
              />
            ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
