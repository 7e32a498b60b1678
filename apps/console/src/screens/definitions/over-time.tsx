import { Group, SegmentedControl, SimpleGrid, Skeleton, Table, Text, Title } from '@mantine/core';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { Admin } from '../../api/schemas';
import { durationsOf, outcomesOf, type ChartData } from '../../charts/chart-series';
import { count } from '../../parts/texts';
import { durationText } from '../../parts/time';

const TimeChart = lazy(() => import('../../charts/time-chart').then((module) => ({ default: module.TimeChart })));

type Point = Admin['StatisticsPointView'];

/** What became of a definition's sagas over time, and how long they took: as charts, or as a table. */
export function OverTime({ statistics }: { readonly statistics: Admin['StatisticsView'] }) {
  const [shown, setShown] = useState('charts');
  return (
    <section aria-labelledby="over-time">
      <Group gap="md" mb="xs">
        <Title order={2} size="h4" id="over-time">
          Over time
        </Title>
        <SegmentedControl
          size="xs"
          w={160}
          aria-label="How the sagas are shown over time"
          data={[
            { value: 'charts', label: 'Charts' },
            { value: 'table', label: 'Table' },
          ]}
          value={shown}
          onChange={setShown}
        />
      </Group>
      {shown === 'table' ? <PointTable statistics={statistics} /> : <Charts statistics={statistics} />}
    </section>
  );
}

function Charts({ statistics }: { readonly statistics: Admin['StatisticsView'] }) {
  const outcomes = useMemo(() => outcomesOf(statistics), [statistics]);
  const durations = useMemo(() => durationsOf(statistics), [statistics]);
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Chart title={titleOf(statistics)} label={sumsText(outcomes)} data={outcomes} />
      <Chart title="How long those took that ended" label={mostText(durations)} data={durations} />
    </SimpleGrid>
  );
}

function Chart({ title, label, data }: { readonly title: string; readonly label: string; readonly data: ChartData }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {title}
      </Text>
      <Suspense fallback={<Skeleton height={220} />}>
        <TimeChart label={`${title}: ${label}`} data={data} syncKey="over-time" />
      </Suspense>
    </div>
  );
}

const INTERVALS: Readonly<Record<number, string>> = { 60: 'minute', 600: 'ten minutes', 3_600: 'hour' };

const titleOf = ({ intervalSeconds: seconds }: Admin['StatisticsView']): string =>
  `Sagas per ${INTERVALS[seconds] ?? durationText(seconds * 1_000)}`;

const sumsText = ({ series, text }: ChartData): string =>
  series
    .map(({ label, values }) => `${text(values.reduce<number>((sum, value) => sum + (value ?? 0), 0))} ${label}`)
    .join(', ')
    .toLowerCase();

const mostText = ({ series, text }: ChartData): string =>
  series
    .map(({ label, values }) => `${label} at most ${text(Math.max(0, ...values.map((value) => value ?? 0)))}`)
    .join(', ');

/** The newest first, without intervals in which nothing happened. */
function PointTable({ statistics }: { readonly statistics: Admin['StatisticsView'] }) {
  const told = statistics.series.filter(
    (point) => point.started + point.completed + point.compensated + point.paused > 0,
  );
  if (told.length === 0) return <Text size="sm">No saga started, ended or paused.</Text>;
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table verticalSpacing={6} fz="sm" aria-label={titleOf(statistics)}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>From</Table.Th>
            {COLUMNS.map(([title]) => (
              <Table.Th key={title} ta="end">
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {told.toReversed().map((point) => (
            <Table.Tr key={point.at}>
              <Table.Td>{new Date(point.at).toLocaleString()}</Table.Td>
              {COLUMNS.map(([title, text]) => (
                <Table.Td key={title} ta="end">
                  {text(point)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const duration = (ms: number | undefined): string => (ms === undefined ? '–' : durationText(ms));

const COLUMNS: readonly (readonly [title: string, text: (point: Point) => string])[] = [
  ['Started', ({ started }) => count(started)],
  ['Completed', ({ completed }) => count(completed)],
  ['Compensated', ({ compensated }) => count(compensated)],
  ['Paused', ({ paused }) => count(paused)],
  ['p50', ({ p50 }) => duration(p50)],
  ['p99', ({ p99 }) => duration(p99)],
];
