import { Alert, Paper, Stack, Table, Text, Title } from '@mantine/core';
import type { Admin } from '../../api/schemas';
import { useOverview } from '../../api/use-overview';
import { CopyMenu, curlToCopy, linkToCopy } from '../../parts/copy-menu';
import { DefinitionLink } from '../../parts/links';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import { Screen } from '../../parts/screen';
import { count, Words } from '../../parts/texts';
import { Time } from '../../parts/time';
import { differingDefinitions } from './differing-definitions';

type Overview = Admin['OverviewView'];

/** What runs: orchestrators with their definitions, and the instances of each service. */
export function Instances() {
  const query = useOverview();
  return (
    <Screen title="Instances" actions={<CopyMenu items={[linkToCopy(), curlToCopy('/v1/overview')]} />}>
      <Loaded query={query}>
        {({ orchestrator, services }) => (
          <Stack gap="lg">
            <Orchestrators orchestrator={orchestrator} />
            {services.map((service) => (
              <ServiceInstances key={service.service} service={service} />
            ))}
          </Stack>
        )}
      </Loaded>
    </Screen>
  );
}

function Orchestrators({ orchestrator: { instances } }: Pick<Overview, 'orchestrator'>) {
  const differing = differingDefinitions(instances);
  return (
    <section aria-label="Orchestrators">
      <Title order={2} size="h5" mb={6}>
        Orchestrators
      </Title>
      {differing.length > 0 && (
        <Alert color="orange" mb="xs" title="Instances differ">
          {differing.join(', ')}: instances have different definitions under one name and version. Deploy the same build
          to all.
        </Alert>
      )}
      <Paper withBorder px={4}>
        {instances.length === 0 ? (
          <Nothing title="No orchestrator has reported in the last minute" />
        ) : (
          <Table.ScrollContainer minWidth={640}>
            <Table verticalSpacing={6} fz="sm" aria-label="Orchestrators">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Instance</Table.Th>
                  <Table.Th>Build</Table.Th>
                  <Table.Th>Definitions</Table.Th>
                  <Table.Th>Started</Table.Th>
                  <Table.Th>Reported</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {instances.map((instance) => (
                  <Table.Tr key={instance.instance}>
                    <Table.Td fw={600} title={instance.instance}>
                      <Words>{instance.name}</Words>
                    </Table.Td>
                    <Table.Td>{instance.build === undefined ? '–' : <Words>{instance.build}</Words>}</Table.Td>
                    <Table.Td>
                      {instance.definitions.map(({ definition, version, fingerprint }) => (
                        <Text key={`${definition} ${version}`} fz="sm" title={`Fingerprint ${fingerprint}`}>
                          <DefinitionLink name={definition} version={version} />
                        </Text>
                      ))}
                    </Table.Td>
                    <Table.Td>
                      <Time at={instance.startedAt} />
                    </Table.Td>
                    <Table.Td>
                      <Time at={instance.seenAt} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Paper>
    </section>
  );
}

function ServiceInstances({ service: { service, instances } }: { readonly service: Admin['ServiceOverviewView'] }) {
  return (
    <section aria-label={service}>
      <Title order={2} size="h5" mb={6}>
        <Words>{service}</Words>
      </Title>
      <Paper withBorder px={4}>
        {instances === undefined ? (
          <Nothing title="The broker did not say who reads its commands" />
        ) : instances.length === 0 ? (
          <Nothing title="Nobody reads its commands">Its sagas wait until an instance is back.</Nothing>
        ) : (
          <Table.ScrollContainer minWidth={560}>
            <Table verticalSpacing={6} fz="sm" aria-label={`Instances of ${service}`}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Instance</Table.Th>
                  <Table.Th>Build</Table.Th>
                  <Table.Th>Host</Table.Th>
                  <Table.Th>Partitions</Table.Th>
                  <Table.Th ta="end">Lag</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {instances.map((each) => (
                  <Table.Tr key={`${each.instance} ${each.host} ${each.partitions.join()}`}>
                    <Table.Td fw={600}>
                      <Words>{each.instance}</Words>
                    </Table.Td>
                    <Table.Td>{each.build === undefined ? '–' : <Words>{each.build}</Words>}</Table.Td>
                    <Table.Td>
                      <Words>{each.host}</Words>
                    </Table.Td>
                    <Table.Td>{each.partitions.length === 0 ? 'none' : each.partitions.join(', ')}</Table.Td>
                    <Table.Td ta="end">{count(each.lag)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Paper>
    </section>
  );
}
