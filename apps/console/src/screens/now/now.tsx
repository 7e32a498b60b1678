import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { admin, dataOf, type Admin } from '../../api/client';
import { useLiveQueries } from '../../api/use-live';
import { useOverview } from '../../api/use-overview';
import { useArmedFaults } from '../../faults/use-faults';
import { CopyMenu, curlToCopy, linkToCopy, palinodeToCopy } from '../../parts/copy-menu';
import { Loaded } from '../../parts/loaded';
import { Screen } from '../../parts/screen';
import { counted } from '../../parts/texts';
import { IncidentCard } from '../incidents/incident-card';
import { RemedyForAll } from '../incidents/remedy-for-all';
import { Banners } from './banners';
import { concernsOf } from './concerns';
import { DefinitionsTable } from './definitions-table';
import { ServicesTable } from './services-table';

/** The first incidents are shown here, the others on their own screen. */
const MOST_INCIDENTS = 5;

/** How everything is, and what needs a person. */
export function Now() {
  const overview = useOverview();
  const armed = useArmedFaults().data?.items.filter(({ enabled }) => enabled) ?? [];
  return (
    <Screen
      title="Now"
      actions={<CopyMenu items={[linkToCopy(), curlToCopy('/v1/overview'), palinodeToCopy('status')]} />}
    >
      <Loaded query={overview}>
        {(data) => (
          <Stack gap="lg">
            <Banners concerns={concernsOf(data, armed.length)} />
            <IncidentsNow />
            <Section title="Definitions" aside={<Legend />}>
              <Paper withBorder px={4}>
                <DefinitionsTable definitions={data.definitions} />
              </Paper>
            </Section>
            <Section title="Services" aside={<Servers overview={data} />}>
              <Paper withBorder px={4}>
                <ServicesTable services={data.services} />
              </Paper>
            </Section>
          </Stack>
        )}
      </Loaded>
    </Screen>
  );
}

function IncidentsNow() {
  const { data } = useQuery({
    queryKey: ['incidents', 'PAUSED'],
    queryFn: () =>
      dataOf(admin.GET('/v1/incidents', { params: { query: { status: ['PAUSED' as const], limit: 100 } } })),
  });
  useLiveQueries(['saga', 'incident', 'reset'], ['incidents']);
  if (!data || data.items.length === 0) return null;
  return (
    <Section title="Incidents" aside={<RemedyForAll incidents={data} />}>
      <Stack gap="xs">
        {data.items.slice(0, MOST_INCIDENTS).map((incident) => (
          <IncidentCard key={incident.id} incident={incident} />
        ))}
        {data.incidents > MOST_INCIDENTS && (
          <Anchor fz="sm" renderRoot={(props) => <Link to="/incidents" {...props} />}>
            {counted(data.incidents - MOST_INCIDENTS, 'further reason')}
          </Anchor>
        )}
      </Stack>
    </Section>
  );
}

function Section({
  title,
  aside,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={title}>
      <Group justify="space-between" mb={6}>
        <Title order={2} size="h5">
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </section>
  );
}

/** What the colours of the bars mean. */
function Legend() {
  return (
    <Group gap="sm">
      {(['completed', 'compensated', 'paused'] as const).map((outcome) => (
        <Group gap={5} key={outcome}>
          <svg width={10} height={10} aria-hidden>
            <rect width={10} height={10} rx={2} className={`outcome-${outcome}`} />
          </svg>
          <Text fz="xs" c="dimmed">
            {outcome}
          </Text>
        </Group>
      ))}
    </Group>
  );
}

/** Broker and database, in a line. */
function Servers({
  overview: { broker, database, outbox, orchestrator },
}: {
  readonly overview: Admin['OverviewView'];
}) {
  return (
    <Text fz="xs" c="dimmed">
      {[
        counted(orchestrator.instances.length, 'orchestrator'),
        `broker ${broker.status}`,
        `PostgreSQL ${database.version} answers in ${Math.round(database.answeredInMs)} ms`,
        outbox.count === 0 ? 'outbox empty' : `${counted(outbox.count, 'command')} in the outbox`,
      ].join(' · ')}
    </Text>
  );
}
