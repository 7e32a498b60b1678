import { Group, SegmentedControl, Select, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { admin, dataOf, type Admin } from '../../api/client';
import { COUNTED_LATER, useLiveQueries } from '../../api/use-live';
import { StepPanel } from '../../faults/step-panel';
import { useDefinition } from '../../graph/use-definition';
import { DefinitionGraph } from '../../graph/graph';
import { statisticsOf } from '../../graph/overlay';
import { Loaded } from '../../parts/loaded';
import { Screen } from '../../parts/screen';
import { DifferenceTable } from './difference-table';
import { OverTime } from './over-time';
import { Versions } from './versions';

/** How far back durations and failures are taken. */
const windows = ['15m', '1h', '24h', '7d'] as const;

const windowOf = (text: string | undefined): (typeof windows)[number] => windows.find((each) => each === text) ?? '1h';

interface DefinitionSearch {
  readonly version?: string;
  /** The version that it is compared with. */
  readonly since?: string;
  readonly window?: string;
  readonly step?: string;
}

/** A definition: its graph by version with how its steps do, and what changed between versions. */
export function Definition() {
  const { name } = useParams({ from: '/definitions/$name' });
  const search = useSearch({ from: '/definitions/$name' }) as DefinitionSearch;
  const navigate = useNavigate();
  const show = (change: DefinitionSearch): void =>
    void navigate({ to: '/definitions/$name', params: { name }, search: { ...search, ...change }, resetScroll: false });
  const query = useDefinition(name, search.version);
  const window = windowOf(search.window);
  const statistics = useQuery({
    queryKey: ['statistics', name, window],
    queryFn: () => dataOf(admin.GET('/v1/statistics', { params: { query: { definition: name, window } } })),
  });
  // The window moves on with each ping.
  useLiveQueries(['saga', 'ping', 'reset'], ['statistics', name], COUNTED_LATER);
  return (
    <Screen title={name}>
      <Loaded query={query}>
        {(definition) => (
          <Stack gap="lg">
            <Group justify="space-between">
              <Group gap="md">
                <SegmentedControl
                  size="xs"
                  aria-label="Version"
                  data={definition.versions.map((version) => ({ value: String(version), label: `v${version}` }))}
                  value={String(definition.version)}
                  onChange={(version) => show({ version })}
                />
                <Text size="sm" c="dimmed">
                  {definition.deadline
                    ? `compensated unless it has passed its pivot after ${definition.deadline}`
                    : 'no deadline'}
                </Text>
              </Group>
              <Group gap="xs">
                <Text size="sm" c="dimmed">
                  Durations and failures of the last
                </Text>
                <SegmentedControl
                  size="xs"
                  aria-label="Durations and failures of the last"
                  data={[...windows]}
                  value={window}
                  onChange={(next) => show({ window: next })}
                />
              </Group>
            </Group>
            <DefinitionGraph
              stages={definition.stages}
              overlay={statisticsOf(statistics.data?.steps ?? [])}
              selected={search.step}
              onStep={(step) => show({ step })}
            />
            <StepPanel
              step={definition.stages.flatMap(({ steps }) => steps).find(({ name: step }) => step === search.step)}
              onClose={() => {
                const { step: _, ...rest } = search;
                void navigate({ to: '/definitions/$name', params: { name }, search: { ...rest }, resetScroll: false });
              }}
            />
            {statistics.data && <OverTime statistics={statistics.data} />}
            {definition.versions.length > 1 && (
              <Difference definition={definition} since={search.since} onSince={(since) => show({ since })} />
            )}
            <Versions name={name} versions={definition.versions} />
          </Stack>
        )}
      </Loaded>
    </Screen>
  );
}

function Difference({
  definition,
  since,
  onSince,
}: {
  readonly definition: Admin['DefinitionDetail'];
  readonly since: string | undefined;
  readonly onSince: (version: string) => void;
}) {
  const others = definition.versions.filter((version) => version !== definition.version);
  const before = others.findLast((version) => version < definition.version) ?? others[0];
  const compared = since !== undefined && Number(since) !== definition.version ? since : String(before);
  const query = useDefinition(definition.name, compared);
  return (
    <section aria-labelledby="difference">
      <Group gap="xs" mb="xs">
        <Title order={2} size="h4" id="difference">
          What changed since
        </Title>
        <Select
          size="xs"
          w={80}
          aria-label="Compared with version"
          allowDeselect={false}
          data={others.map((version) => ({ value: String(version), label: `v${version}` }))}
          value={compared}
          onChange={(version) => version !== null && onSince(version)}
        />
      </Group>
      <Loaded query={query}>{(earlier) => <DifferenceTable earlier={earlier} later={definition} />}</Loaded>
    </section>
  );
}
