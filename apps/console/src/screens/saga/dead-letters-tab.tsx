import { Anchor, Badge, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Nothing } from '../../parts/nothing';
import { Words } from '../../parts/texts';
import { Time } from '../../parts/time';
import type { TabProps } from './tab-props';

/** The newest messages of the saga that a receiver could not process. */
export function DeadLettersTab({ saga: { deadLetters } }: TabProps) {
  if (deadLetters.length === 0)
    return <Nothing title="No dead letter">Every message of this saga could be processed.</Nothing>;
  return (
    <Table.ScrollContainer minWidth={640} scrollAreaProps={{ tabIndex: 0 }}>
      <Table aria-label="The dead letters of the saga" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Message</Table.Th>
            <Table.Th>Receiver</Table.Th>
            <Table.Th>Why</Table.Th>
            <Table.Th>Since</Table.Th>
            <Table.Th>Status</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deadLetters.map(({ id, type, topic, service, reason, detail, keptAt, status, outcome }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <Anchor component={Link} to="/dead-letters/$id" params={{ id } as never} fz="sm">
                  <Words>{type ?? topic}</Words>
                </Anchor>
              </Table.Td>
              <Table.Td>
                <Words>{service}</Words>
              </Table.Td>
              <Table.Td>
                <Words>{`${reason}: ${detail}`}</Words>
              </Table.Td>
              <Table.Td>
                <Time at={keptAt} />
              </Table.Td>
              <Table.Td>
                <Badge variant="default">{outcome === undefined ? status : `${status}, ${outcome}`}</Badge>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
