import { Anchor, Table } from '@mantine/core';
import type { Admin } from '../api/schemas';
import { factsOf } from './definition-graph';
import { kindText } from './difference';
import type { Overlay } from './overlay';
import { looksOf } from './step-looks';

/** The same as the graph, as a table. */
export function StepTable({
  stages,
  overlay,
  onStep,
}: {
  readonly stages: readonly Admin['DefinedStage'][];
  readonly overlay: Overlay;
  readonly onStep: ((step: string) => void) | undefined;
}) {
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table verticalSpacing={6} horizontalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Stage</Table.Th>
            <Table.Th>Step</Table.Th>
            <Table.Th>Kind</Table.Th>
            <Table.Th>Does</Table.Th>
            <Table.Th>Compensation</Table.Th>
            <Table.Th>{Object.keys(overlay).length > 0 ? 'State' : ''}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {stages.flatMap(({ steps }, stage) =>
            steps.map((step) => {
              const facts = factsOf(step);
              const looks = looksOf(overlay[step.name]);
              return (
                <Table.Tr key={step.name}>
                  <Table.Td>{stage + 1}</Table.Td>
                  <Table.Td>
                    {onStep ? (
                      <Anchor component="button" size="sm" onClick={() => onStep(step.name)}>
                        {step.name}
                      </Anchor>
                    ) : (
                      step.name
                    )}
                  </Table.Td>
                  <Table.Td>{kindText[step.kind]}</Table.Td>
                  <Table.Td>
                    {facts
                      .filter(({ kind }) => kind !== 'compensation')
                      .map(({ text }) => text)
                      .join(', ')}
                  </Table.Td>
                  <Table.Td c="var(--state-compensating)">{step.compensation?.command}</Table.Td>
                  <Table.Td c={looks?.color}>
                    {looks?.sign} {overlay[step.name]?.line}
                  </Table.Td>
                </Table.Tr>
              );
            }),
          )}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
