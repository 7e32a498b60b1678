import { Group, Table, Text, Title, VisuallyHidden } from '@mantine/core';
import { DisarmAll } from '../../faults/disarm-all';
import { useArmedFaults, useArming } from '../../faults/use-faults';
import { faultText } from '../../faults/fault-text';
import { ActButton } from '../../parts/act-button';
import { Loaded } from '../../parts/loaded';
import { Time } from '../../parts/time';

/** What is armed, how often it has hit, and how to disarm it. */
export function ArmedFaults() {
  const query = useArmedFaults();
  const { disarm } = useArming();
  const isArmed = (query.data?.items.length ?? 0) > 0;
  return (
    <section aria-labelledby="armed">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="armed">
          Armed
        </Title>
        <DisarmAll whyNot={isArmed ? undefined : 'No fault is armed'} />
      </Group>
      <Loaded query={query} isEmpty={({ items }) => items.length === 0} empty="Nothing is broken on purpose.">
        {({ items }) => (
          <Table.ScrollContainer minWidth={560}>
            <Table verticalSpacing={6} horizontalSpacing="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Fault</Table.Th>
                  <Table.Th ta="right">Hits</Table.Th>
                  <Table.Th>Ends</Table.Th>
                  <Table.Th>
                    <VisuallyHidden>Action</VisuallyHidden>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((fault) => (
                  <Table.Tr key={fault.id}>
                    <Table.Td>
                      <Text size="sm">
                        <span aria-hidden>⚡ </span>
                        {faultText(fault)}
                      </Text>
                      {fault.behind > 0 && (
                        <Text size="xs" c="dimmed">
                          {fault.behind} instances of {fault.service} do not know it yet
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td ta="right">
                      {fault.hits}
                      {fault.count !== undefined && ` of ${fault.count}`}
                    </Table.Td>
                    <Table.Td>{fault.expiresAt ? <Time at={fault.expiresAt} /> : 'when disarmed'}</Table.Td>
                    <Table.Td ta="right">
                      <ActButton size="compact-xs" variant="default" onClick={() => disarm.mutate(fault.id)}>
                        Disarm
                      </ActButton>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
    </section>
  );
}
