import { Stack, Table, Text } from '@mantine/core';
import { Gantt } from '../../diagram/gantt';
import { StepStatus } from '../../diagram/state-panel';
import { SagaLink } from '../../parts/links';
import { Nothing } from '../../parts/nothing';
import { Words } from '../../parts/texts';
import { Time, useNow } from '../../parts/time';
import { StepActions } from './saga-actions';
import type { TabProps } from './tab-props';
import type { SagaDetail } from './use-saga';

type Step = SagaDetail['steps'][number];

/** The steps over time, and how each stands now. */
export function StepsTab({ saga }: TabProps) {
  const now = useNow();
  const { steps, history, endedAt } = saga;
  if (steps.length === 0)
    return (
      <Nothing title="The steps are not known">
        The orchestrator that answered does not have the definition of this saga. The history has what happened.
      </Nothing>
    );
  return (
    <Stack gap="lg">
      <Gantt history={history} until={endedAt === undefined ? now : Date.parse(endedAt)} />
      <Table.ScrollContainer minWidth={720} scrollAreaProps={{ tabIndex: 0 }}>
        <Table aria-label="The steps" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Step</Table.Th>
              <Table.Th>Kind</Table.Th>
              <Table.Th>Status</Table.Th>
              <Table.Th>Command</Table.Th>
              <Table.Th>Waits for</Table.Th>
              <Table.Th>Last problem</Table.Th>
              <Table.Th>Actions</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {steps.map((step) => (
              <StepRow key={step.name} saga={saga} step={step} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

function StepRow({ saga, step }: { readonly saga: SagaDetail; readonly step: Step }) {
  const { name, kind, status, command, compensation, signal, child, waitsFor, attempt, wakeAt, held, objection } = step;
  const { reason, detail } = (objection ?? {}) as { readonly reason?: string; readonly detail?: string };
  return (
    <Table.Tr>
      <Table.Td>
        <Words most={60}>{name}</Words>
      </Table.Td>
      <Table.Td>{kind}</Table.Td>
      <Table.Td>
        <StepStatus status={status} />
      </Table.Td>
      <Table.Td>
        <Words>{command ?? (signal === undefined ? (compensation ?? '') : `signal ${signal}`)}</Words>
        {child !== undefined && (
          <>
            {' '}
            <SagaLink id={child} />
          </>
        )}
      </Table.Td>
      <Table.Td>
        {held ? `a hold: ${held.why}` : waitsFor}
        {attempt !== undefined && attempt > 1 && `, attempt ${attempt}`}
        {wakeAt !== undefined && (
          <Text span size="sm" c="dimmed">
            {' '}
            <Time at={wakeAt} />
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Words>{[reason, detail].filter((part) => part !== undefined).join(': ')}</Words>
      </Table.Td>
      <Table.Td>
        <StepActions saga={saga} step={step} />
      </Table.Td>
    </Table.Tr>
  );
}
