import { Group, Stack, Table, Text } from '@mantine/core';
import { SagaStatus } from '../parts/saga-status';
import { cut } from './cut';
import { forEachOf, type StepChange } from './history';
import type { StateAt } from './state-at';
import { stepSign } from './step-signs';
import { causeText } from './words';

const NAME_WIDTH = 150;

/** The state of the saga after the entry that is selected. */
export function StatePanel({ state }: { readonly state: StateAt | undefined }) {
  if (state === undefined)
    return (
      <Text size="sm" c="dimmed">
        The state is not known: the orchestrator that answered does not have the definition as it was.
      </Text>
    );
  const { status, pause, cause, steps } = state;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <SagaStatus status={status} held={steps.some(({ waitsFor }) => waitsFor === 'hold')} />
        {pause !== undefined && <Text size="sm">{pause}</Text>}
        {cause !== undefined && <Text size="sm">{causeText(cause)}</Text>}
      </Group>
      <Table aria-label="The steps at this time" withRowBorders={false} verticalSpacing={2}>
        <Table.Tbody>
          {grouped(steps).map(({ name, changes }) => (
            <Table.Tr key={name} style={{ verticalAlign: 'top' }}>
              <Table.Td title={name} style={{ whiteSpace: 'nowrap' }}>
                {cut(name, NAME_WIDTH)}
              </Table.Td>
              <Table.Td>
                <StepCounts steps={changes} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

/** How many of these steps have which status. */
export function StepCounts({ steps }: { readonly steps: readonly StepChange[] }) {
  return countsOf(steps).map(({ label, status, count }) => (
    <StepStatus key={label} status={status} label={steps.length > 1 ? `${count} ${label}` : label} />
  ));
}

/** The status of a step as a sign and in words. */
export function StepStatus({ status, label = status }: { readonly status: string; readonly label?: string }) {
  const { color, sign } = stepSign(status);
  return (
    <Text size="sm" style={{ color }}>
      <span aria-hidden>{sign} </span>
      {label.toLowerCase().replaceAll('_', ' ')}
    </Text>
  );
}

interface GroupOfSteps {
  readonly name: string;
  readonly changes: StepChange[];
}

/** The branches of a forEach together. */
function grouped(steps: readonly StepChange[]): readonly GroupOfSteps[] {
  const groups = new Map<string, GroupOfSteps>();
  for (const step of steps) {
    const name = forEachOf(step.name) ?? step.name;
    const group = groups.get(name) ?? { name, changes: [] };
    groups.set(name, group);
    group.changes.push(step);
  }
  return [...groups.values()];
}

const WAITS: Partial<Record<string, string>> = {
  'next-attempt': 'backoff',
  hold: 'held',
  signal: 'waits for its signal',
};

function countsOf(changes: readonly StepChange[]): { label: string; status: string; count: number }[] {
  const counts = new Map<string, { label: string; status: string; count: number }>();
  for (const { status, waitsFor, attempt } of changes) {
    const marks = [WAITS[waitsFor ?? ''], (attempt ?? 0) > 1 ? `attempt ${attempt}` : undefined].filter(Boolean);
    const label = [status, ...marks].join(', ');
    const found = counts.get(label) ?? { label, status, count: 0 };
    counts.set(label, found);
    found.count += 1;
  }
  return [...counts.values()];
}
