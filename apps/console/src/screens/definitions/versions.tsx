import { Anchor, Table, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { count } from '../../parts/texts';
import { useOverview } from '../../api/use-overview';

/** Of each version how many sagas are open, and which instances can run it. */
export function Versions({ name, versions }: { readonly name: string; readonly versions: readonly number[] }) {
  const { data } = useOverview();
  const known = data?.definitions.find(({ definition }) => definition === name);
  const all = [...new Set([...versions, ...(known?.versions.map(({ version }) => version) ?? [])])].toSorted(
    (a, b) => b - a,
  );
  return (
    <section aria-labelledby="versions">
      <Title order={2} size="h4" id="versions" mb="xs">
        Versions
      </Title>
      <Table.ScrollContainer minWidth={480}>
        <Table verticalSpacing={6} horizontalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Version</Table.Th>
              <Table.Th ta="right">Open sagas</Table.Th>
              <Table.Th>Instances that have it</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {all.map((version) => {
              const instances = data?.orchestrator.instances.filter(({ definitions }) =>
                definitions.some((each) => each.definition === name && each.version === version),
              );
              return (
                <Table.Tr key={version}>
                  <Table.Td>v{version}</Table.Td>
                  <Table.Td ta="right">
                    <Anchor
                      size="sm"
                      renderRoot={(props) => (
                        <Link
                          to="/sagas"
                          search={{
                            definition: name,
                            version: String(version),
                            status: ['RUNNING', 'COMPENSATING', 'PAUSED'],
                          }}
                          {...props}
                        />
                      )}
                    >
                      {data ? count(known?.versions.find((each) => each.version === version)?.open ?? 0) : '–'}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    {instances?.length === 0 && data?.orchestrator.instances.length !== 0 ? (
                      <Text size="sm" c="var(--state-paused)">
                        ‖ none: its sagas wait until one has it
                      </Text>
                    ) : (
                      instances?.map((instance) => instance.name).join(', ')
                    )}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}
