import { Grid, Paper, Select, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { admin, dataOf } from '../../api/client';
import { StepPanel } from '../../faults/step-panel';
import { useDefinition } from '../../graph/use-definition';
import { useFaultCatalogQuery } from '../../faults/use-faults';
import { DefinitionGraph } from '../../graph/graph';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import { Screen } from '../../parts/screen';
import { settings } from '../../settings';
import { ArmedFaults } from './armed-faults';
import { Hits } from './hits';
import { Scenarios } from './scenarios';

/** Breaks things on purpose: at a point of a definition, or as a story. */
export function Faults() {
  const catalog = useFaultCatalogQuery();
  return (
    <Screen title="Faults">
      <Loaded
        query={catalog}
        isEmpty={(data) => data === null}
        empty={
          <Nothing title="Faults cannot be armed here">
            This orchestrator has no FaultsModule, as in production. docs/guide/faults.md says how to import it.
          </Nothing>
        }
      >
        {() => <Breaking />}
      </Loaded>
    </Screen>
  );
}

function Breaking() {
  return (
    <Stack gap="lg">
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Paper withBorder p="md" h="100%">
            <ArmedFaults />
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Paper withBorder p="md" h="100%">
            <Hits />
          </Paper>
        </Grid.Col>
      </Grid>
      <BreakDefinition />
      {settings.services.includes('order') && <Scenarios />}
    </Stack>
  );
}

/** The graph of a definition; a click on a step arms a fault there. */
function BreakDefinition() {
  const search = useSearch({ from: '/faults' }) as { readonly definition?: string; readonly step?: string };
  const navigate = useNavigate();
  const show = (next: typeof search): void => void navigate({ to: '/faults', search: { ...next }, resetScroll: false });
  const list = useQuery({ queryKey: ['definitions'], queryFn: () => dataOf(admin.GET('/v1/definitions')) });
  const names = [...new Set(list.data?.items.map(({ name }) => name))];
  const name = search.definition ?? (names.includes('place-order') ? 'place-order' : names[0]);
  const query = useDefinition(name);
  const steps = query.data?.stages.flatMap((stage) => stage.steps);
  return (
    <section aria-labelledby="break-definition">
      <Title order={2} size="h4" id="break-definition">
        Break a step
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Choose a step to arm a fault there. It strikes the sagas that run from then on.
      </Text>
      <Select
        size="xs"
        w={240}
        mb="xs"
        aria-label="Definition"
        allowDeselect={false}
        data={names}
        value={name ?? null}
        onChange={(definition) => definition && show({ definition })}
      />
      <Loaded query={query}>
        {({ stages }) => (
          <DefinitionGraph
            stages={stages}
            selected={search.step}
            onStep={(step) => show({ ...(name === undefined ? {} : { definition: name }), step })}
          />
        )}
      </Loaded>
      <StepPanel
        step={steps?.find((step) => step.name === search.step)}
        onClose={() => show(name === undefined ? {} : { definition: name })}
      />
    </section>
  );
}
