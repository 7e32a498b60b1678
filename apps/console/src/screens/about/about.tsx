import { Anchor, Group, Kbd, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useOverview } from '../../api/use-overview';
import { Facts } from '../../parts/facts';
import { Loaded } from '../../parts/loaded';
import { Screen } from '../../parts/screen';
import { Time } from '../../parts/time';
import { servicePath, settings } from '../../settings';

const hasShop = settings.services.length > 0;

/** What runs here, in which versions, and where to read more. */
export function About() {
  const query = useOverview();
  return (
    <Screen title="About">
      <Text size="sm" maw={640}>
        Palinode runs sagas: business transactions over several services, each step of which is compensated if a later
        one fails. This console shows what they do and calls only the admin API of its own orchestrator.
      </Text>
      <Loaded query={query}>
        {({ orchestrator: { instances }, broker, database }) => (
          <Stack>
            <Paper withBorder p="md">
              <Facts
                facts={{
                  Broker: `${broker.status}, at ${broker.brokers.join(', ')}`,
                  PostgreSQL: database.version,
                  'Admin API': (
                    <Text span inherit ff="monospace">
                      {settings.adminPath}/v1
                    </Text>
                  ),
                  'API pages': hasShop ? <ApiPages /> : undefined,
                  Documentation: (
                    <>
                      docs/guide.md and docs/guide/console.md in the repository; <Kbd>?</Kbd> shows the keys
                    </>
                  ),
                }}
              />
            </Paper>
            <section aria-labelledby="instances">
              <Title order={2} size="h4" id="instances" mb="xs">
                Orchestrators
              </Title>
              <Table.ScrollContainer minWidth={480}>
                <Table verticalSpacing={6} horizontalSpacing="sm">
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>Instance</Table.Th>
                      <Table.Th>Build</Table.Th>
                      <Table.Th>Started</Table.Th>
                      <Table.Th>Definitions</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {instances.map(({ instance, name, build, startedAt, definitions }) => (
                      <Table.Tr key={instance}>
                        <Table.Td>{name}</Table.Td>
                        <Table.Td>{build ?? 'not named'}</Table.Td>
                        <Table.Td>
                          <Time at={startedAt} />
                        </Table.Td>
                        <Table.Td>
                          {definitions.map(({ definition, version }) => `${definition} v${version}`).join(', ')}
                        </Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            </section>
          </Stack>
        )}
      </Loaded>
    </Screen>
  );
}

/** The pages of the APIs that the shop's services serve. */
function ApiPages() {
  const pages = {
    orchestrator: '/docs',
    ...Object.fromEntries(settings.services.map((each) => [each, apiPage(each)])),
  };
  return (
    <Group gap="sm">
      {Object.entries(pages).map(([service, path]) => (
        <Anchor key={service} href={path} size="sm" target="_blank" rel="noreferrer">
          {service}
        </Anchor>
      ))}
    </Group>
  );
}

const apiPage = (service: string): string => `${servicePath(service)}/docs`;
