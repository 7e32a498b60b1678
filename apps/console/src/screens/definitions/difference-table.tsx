import { Table, Text } from '@mantine/core';
import type { Admin } from '../../api/schemas';
import { differenceOf, type StepChange } from '../../graph/difference';

const looks: Readonly<Record<StepChange['change'], { readonly color: string; readonly sign: string }>> = {
  added: { color: 'var(--state-completed)', sign: '+' },
  removed: { color: 'var(--state-paused)', sign: '−' },
  changed: { color: 'var(--state-compensating)', sign: '~' },
};

/** Which steps differ from an earlier version. */
export function DifferenceTable({
  earlier,
  later,
}: {
  readonly earlier: Admin['DefinitionDetail'];
  readonly later: Admin['DefinitionDetail'];
}) {
  const changes = differenceOf(earlier, later);
  if (changes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        The steps of v{earlier.version} and v{later.version} are the same; payloads and conditions, which are code, are
        not compared.
      </Text>
    );
  return (
    <Table verticalSpacing={6} horizontalSpacing="sm" aria-label={`From v${earlier.version} to v${later.version}`}>
      <Table.Tbody>
        {changes.map(({ step, change, what }) => (
          <Table.Tr key={step}>
            <Table.Td w={120} c={looks[change].color}>
              <span aria-hidden>{looks[change].sign} </span>
              {change}
            </Table.Td>
            <Table.Td fw={600}>{step}</Table.Td>
            <Table.Td>
              {what.map((line) => (
                <Text key={line} size="sm">
                  {line}
                </Text>
              ))}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
