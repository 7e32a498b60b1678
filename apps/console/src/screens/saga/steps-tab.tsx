import { Stack, Table, Text, UnstyledButton } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import { Gantt } from '../../diagram/gantt';
import { StepCounts, StepStatus } from '../../diagram/state-panel';
import { SagaLink } from '../../parts/links';
import { Nothing } from '../../parts/nothing';
import { SearchBox } from '../../parts/search-box';
import { ShowMore } from '../../parts/show-more';
import { Words } from '../../parts/texts';
import { Time, useNow } from '../../parts/time';
import { StepActions } from './saga-actions';
import { stepRowsOf, type Step, type StepRow } from './step-rows';
import type { TabProps } from './tab-props';

/** With this many steps or more there is a search box. */
const MANY = 15;

/** The steps over time, and how each stands now. */
export function StepsTab({ saga }: TabProps) {
  const { steps } = saga;
  const [wanted, setWanted] = useState('');
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => stepRowsOf(steps, { wanted, unfolded }), [steps, wanted, unfolded]);
  const toggle = (name: string): void => {
    const others = [...unfolded].filter((each) => each !== name);
    setUnfolded(new Set(unfolded.has(name) ? others : [...others, name]));
  };
  if (steps.length === 0)
    return (
      <Nothing title="The steps are not known">
        The orchestrator that answered does not have the definition of this saga. The history has what happened.
      </Nothing>
    );
  return (
    <Stack gap="lg">
      <StepsOverTime saga={saga} />
      {steps.length >= MANY && (
        <SearchBox label="Find steps" placeholder="seats[7], refused, …" value={wanted} onChange={setWanted} />
      )}
      <ShowMore rows={rows} noun="step">
        {(shown) => (
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
                {shown.map((row) =>
                  row.kind === 'branches' ? (
                    <BranchesRow key={row.name} row={row} onToggle={toggle} />
                  ) : (
                    <OneStep key={row.step.name} saga={saga} step={row.step} />
                  ),
                )}
                {shown.length === 0 && (
                  <Table.Tr>
                    <Table.Td colSpan={7}>No step matches.</Table.Td>
                  </Table.Tr>
                )}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </ShowMore>
    </Stack>
  );
}

/** A component of its own, because it is drawn again each second while the saga runs; the table is not. */
function StepsOverTime({ saga: { history, endedAt } }: Pick<TabProps, 'saga'>) {
  const now = useNow();
  return <Gantt history={history} until={endedAt === undefined ? now : Date.parse(endedAt)} />;
}

interface BranchesRowProps {
  readonly row: Extract<StepRow, { readonly kind: 'branches' }>;
  readonly onToggle: (name: string) => void;
}

/** What the branches of a forEach have in common, and how many of them have which status. */
function BranchesRow({ row: { name, of, isFolded }, onToggle }: BranchesRowProps) {
  const [first] = of;
  return (
    <Table.Tr>
      <Table.Td>
        <UnstyledButton fz="sm" fw={600} aria-expanded={!isFolded} onClick={() => onToggle(name)}>
          <span aria-hidden>{isFolded ? '▸' : '▾'} </span>
          <Words most={60}>{name}</Words>, {of.length} branches
        </UnstyledButton>
      </Table.Td>
      <Table.Td>{first?.kind}</Table.Td>
      <Table.Td>
        <StepCounts steps={of} />
      </Table.Td>
      <Table.Td>
        <Words>{first?.command ?? ''}</Words>
      </Table.Td>
      <Table.Td colSpan={3} />
    </Table.Tr>
  );
}

interface OneStepProps {
  readonly saga: TabProps['saga'];
  readonly step: Step;
}

const OneStep = memo(function OneStep({ saga, step }: OneStepProps) {
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
});
