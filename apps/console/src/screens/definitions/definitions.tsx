import { Anchor, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { admin, dataOf, type Admin } from '../../api/client';
import { useOverview } from '../../api/use-overview';
import { DefinitionLink } from '../../parts/links';
import { Loaded } from '../../parts/loaded';
import { Screen } from '../../parts/screen';
import { count, counted } from '../../parts/texts';

/** The definitions that are registered: their versions, and how many sagas of each have not ended. */
export function Definitions() {
  const query = useQuery({ queryKey: ['definitions'], queryFn: () => dataOf(admin.GET('/v1/definitions')) });
  const overview = useOverview();
  return (
    <Screen title="Definitions">
      <Loaded query={query} isEmpty={({ items }) => items.length === 0} empty="No definition is registered.">
        {({ items }) => (
          <Table.ScrollContainer minWidth={640}>
            <Table verticalSpacing="xs" horizontalSpacing="sm" highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Definition</Table.Th>
                  <Table.Th>Versions</Table.Th>
                  <Table.Th>Its steps</Table.Th>
                  <Table.Th ta="right">Open sagas</Table.Th>
                  <Table.Th ta="right">Instances that have it</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {byName(items).map(({ name, versions, newest }) => {
                  const known = overview.data?.definitions.find(({ definition }) => definition === name);
                  const instances = overview.data?.orchestrator.instances ?? [];
                  const having = instances.filter(({ definitions }) =>
                    definitions.some(({ definition, version }) => definition === name && version === newest.version),
                  );
                  return (
                    <Table.Tr key={name}>
                      <Table.Td>
                        <DefinitionLink name={name} />
                      </Table.Td>
                      <Table.Td>{versions.map((version) => `v${version}`).join(', ')}</Table.Td>
                      <Table.Td>
                        <Text size="sm" c="dimmed">
                          {newest.stages.map(({ steps }) => steps.map((step) => step.name).join(' + ')).join(' → ')}
                        </Text>
                      </Table.Td>
                      <Table.Td ta="right">
                        <Anchor
                          size="sm"
                          renderRoot={(props) => (
                            <Link
                              to="/sagas"
                              search={{ definition: name, status: ['RUNNING', 'COMPENSATING', 'PAUSED'] }}
                              {...props}
                            />
                          )}
                        >
                          {known ? count(known.inFlight) : '–'}
                        </Anchor>
                      </Table.Td>
                      <Table.Td ta="right">
                        {overview.data ? `${having.length} of ${counted(instances.length, 'instance')}` : '–'}
                      </Table.Td>
                    </Table.Tr>
                  );
                })}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
    </Screen>
  );
}

function byName(items: readonly Admin['DefinitionSummary'][]): readonly {
  readonly name: string;
  readonly versions: readonly number[];
  readonly newest: Admin['DefinitionSummary'];
}[] {
  return [...new Set(items.map(({ name }) => name))].flatMap((name) => {
    const all = items.filter((item) => item.name === name).toSorted((a, b) => a.version - b.version);
    const newest = all.at(-1);
    return newest === undefined ? [] : [{ name, versions: all.map(({ version }) => version), newest }];
  });
}
