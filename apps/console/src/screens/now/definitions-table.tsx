import { Anchor, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Admin } from '../../api/schemas';
import { DefinitionLink } from '../../parts/links';
import { count, Words } from '../../parts/texts';
import { durationText, Time } from '../../parts/time';
import { OutcomeBars } from './outcome-bars';

type Definition = Admin['DefinitionOverviewView'];

/** Each definition: how many sagas start, how long they take, what becomes of them. */
export function DefinitionsTable({ definitions }: { readonly definitions: readonly Definition[] }) {
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table verticalSpacing={6} fz="sm" aria-label="Definitions">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Definition</Table.Th>
            <Table.Th ta="end">Per minute</Table.Th>
            <Table.Th ta="end">p50</Table.Th>
            <Table.Th ta="end">p99</Table.Th>
            <Table.Th w={250}>Last hour</Table.Th>
            <Table.Th ta="end">Completed</Table.Th>
            <Table.Th ta="end">Compensated</Table.Th>
            <Table.Th ta="end">In flight</Table.Th>
            <Table.Th>Oldest</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {definitions.map((each) => (
            <Row key={each.definition} overview={each} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ overview: { definition, inFlight, oldestStartedAt, lastHour } }: { readonly overview: Definition }) {
  const [cause] = lastHour.compensatedBy;
  return (
    <Table.Tr>
      <Table.Td fw={600}>
        <DefinitionLink name={definition} />
      </Table.Td>
      <Table.Td ta="end">{rate(lastHour.started)}</Table.Td>
      <Table.Td ta="end">{lastHour.p50 === undefined ? '–' : durationText(lastHour.p50)}</Table.Td>
      <Table.Td ta="end" title={slowestText(lastHour)}>
        {lastHour.p99 === undefined ? '–' : durationText(lastHour.p99)}
      </Table.Td>
      <Table.Td>
        <OutcomeBars definition={definition} />
      </Table.Td>
      <Table.Td ta="end">{count(lastHour.completed)}</Table.Td>
      <Table.Td ta="end">
        {count(lastHour.compensated)}
        {cause && (
          <Text fz="xs" c="dimmed">
            <Words most={60}>{`mostly ${[cause.step, cause.cause].filter(Boolean).join(': ')}`}</Words>
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="end">
        {inFlight === 0 ? (
          0
        ) : (
          <Anchor fz="sm" renderRoot={(props) => <Link to="/sagas" search={{ definition }} {...props} />}>
            {count(inFlight)}
          </Anchor>
        )}
      </Table.Td>
      <Table.Td>{oldestStartedAt === undefined ? '–' : <Time at={oldestStartedAt} />}</Table.Td>
    </Table.Tr>
  );
}

/** Sagas per minute, from those of an hour. */
function rate(started: number): string {
  const perMinute = started / 60;
  return perMinute === 0 || perMinute >= 10 ? count(Math.round(perMinute)) : perMinute.toFixed(1);
}

function slowestText({ slowestStep }: Definition['lastHour']): string | undefined {
  return slowestStep && `The slowest step is ${slowestStep.step}: p99 ${durationText(slowestStep.p99)}`;
}
