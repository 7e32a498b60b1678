import { Table, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { admin, dataOf } from '../../api/client';
import { useLiveQueries } from '../../api/use-live';
import { effectText, pointText } from '../../faults/fault-text';
import { SagaLink } from '../../parts/links';
import { Loaded } from '../../parts/loaded';
import { Time } from '../../parts/time';

const HITS = ['faults', 'hits'];

const ONE_LINE = { whiteSpace: 'nowrap' } as const;

/** Which messages faults have struck last. */
export function Hits() {
  const query = useQuery({
    queryKey: HITS,
    queryFn: () => dataOf(admin.GET('/v1/faults/hits', { params: { query: { limit: 20 } } })),
  });
  useLiveQueries(['fault', 'saga'], HITS);
  return (
    <section aria-labelledby="hits">
      <Title order={2} size="h4" id="hits" mb="xs">
        Latest hits
      </Title>
      <Loaded query={query} isEmpty={({ items }) => items.length === 0} empty="No fault has struck yet.">
        {({ items }) => (
          <Table.ScrollContainer minWidth={320} maxHeight={260}>
            <Table stickyHeader fz="xs" verticalSpacing={4} horizontalSpacing="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>What</Table.Th>
                  <Table.Th>Saga of</Table.Th>
                  <Table.Th style={ONE_LINE}>When</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map(({ id, command, effect, point, sagaId, subject, at }) => (
                  <Table.Tr key={id}>
                    <Table.Td>
                      <span aria-hidden>⚡ </span>
                      {command} {effectText[effect]} {pointText[point]}
                    </Table.Td>
                    <Table.Td>
                      <SagaLink id={sagaId} {...(subject === undefined ? {} : { subject })} />
                    </Table.Td>
                    <Table.Td style={ONE_LINE}>
                      <Time at={at} />
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
