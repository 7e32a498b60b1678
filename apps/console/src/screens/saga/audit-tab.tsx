import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { admin, dataOf } from '../../api/client';
import { Loaded } from '../../parts/loaded';
import { Words } from '../../parts/texts';
import { Time } from '../../parts/time';
import type { TabProps } from './tab-props';
import { sagaKey } from './use-saga';

/** What operators did to the saga, the newest first. */
export function AuditTab({ saga: { id } }: TabProps) {
  const query = useQuery({
    queryKey: [...sagaKey(id), 'audit'],
    queryFn: () => dataOf(admin.GET('/v1/operator-actions', { params: { query: { saga: id, limit: 100 } } })),
  });
  return (
    <Loaded query={query} isEmpty={({ items }) => items.length === 0} empty="No operator has acted on this saga.">
      {({ items }) => (
        <Table.ScrollContainer minWidth={640} scrollAreaProps={{ tabIndex: 0 }}>
          <Table aria-label="What operators did to the saga">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>Who</Table.Th>
                <Table.Th>What</Table.Th>
                <Table.Th>Why</Table.Th>
                <Table.Th>Entry</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map(({ id: actionId, at, operator, action, step, outcome, reason, revision }) => (
                <Table.Tr key={actionId}>
                  <Table.Td>
                    <Time at={at} />
                  </Table.Td>
                  <Table.Td>
                    <Words most={60}>{operator}</Words>
                  </Table.Td>
                  <Table.Td>{[action, step, outcome].filter((part) => part !== undefined).join(' ')}</Table.Td>
                  <Table.Td>
                    <Words>{reason ?? ''}</Words>
                  </Table.Td>
                  <Table.Td>{revision}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Loaded>
  );
}
