import { Group, Table, Tabs } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Admin } from '../../api/client';
import { Problem } from '../../api/problem';
import { SagaLink } from '../../parts/links';
import { Loaded } from '../../parts/loaded';
import { SagaStatus } from '../../parts/saga-status';
import { Screen } from '../../parts/screen';
import { AuditTab } from './audit-tab';
import { DeadLettersTab } from './dead-letters-tab';
import { DiagramTab } from './diagram-tab';
import { FamilyTab } from './family-tab';
import { GraphTab } from './graph-tab';
import { HistoryTab } from './history-tab';
import { MessagesTab } from './messages-tab';
import { SagaActions } from './saga-actions';
import { SagaCopy } from './saga-copy';
import { SagaHeader } from './saga-header';
import { SignalButtons } from './signals';
import { StepsTab } from './steps-tab';
import { useSaga, type SagaDetail } from './use-saga';

const TABS = {
  diagram: { label: 'Diagram', Content: DiagramTab },
  steps: { label: 'Steps', Content: StepsTab },
  graph: { label: 'Graph', Content: GraphTab },
  history: { label: 'History', Content: HistoryTab },
  messages: { label: 'Messages', Content: MessagesTab },
  'dead-letters': { label: 'Dead letters', Content: DeadLettersTab },
  audit: { label: 'Audit', Content: AuditTab },
  family: { label: 'Children and parent', Content: FamilyTab },
} as const;

type TabName = keyof typeof TABS;

const isTab = (name: unknown): name is TabName => typeof name === 'string' && name in TABS;

/** One saga: what it is and why it stands, what happened, and what an operator can do. */
export function Saga() {
  const { id } = useParams({ from: '/sagas/$id' });
  const query = useSaga(id);
  const { data } = query;
  const title = data === undefined ? 'Saga' : `${data.definition} ${data.subject ?? data.id}`;
  return (
    <Screen
      title={title.length > 100 ? `${title.slice(0, 100)}…` : title}
      actions={data && <PageActions saga={data} />}
    >
      <Loaded query={query}>{(saga) => <SagaPage saga={saga} />}</Loaded>
      <SagasOfKey error={query.error} />
    </Screen>
  );
}

type NamedSaga = Pick<Admin['SagaSummary'], 'id' | 'definition' | 'status'>;

/** Links to the sagas whose business key was taken for an id, such as that of an order. */
function SagasOfKey({ error }: { readonly error: unknown }) {
  if (!(error instanceof Problem) || error.status !== 404) return null;
  const { sagas = [] } = error.members as { readonly sagas?: readonly NamedSaga[] };
  if (sagas.length === 0) return null;
  return (
    <Table fz="sm" mt="md" aria-label="Sagas with this business key">
      <Table.Tbody>
        {sagas.map(({ id, definition, status }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <SagaLink id={id} />
            </Table.Td>
            <Table.Td>{definition}</Table.Td>
            <Table.Td>
              <SagaStatus status={status} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function PageActions({ saga }: { readonly saga: SagaDetail }) {
  return (
    <Group gap="xs">
      <SignalButtons saga={saga} />
      <SagaActions saga={saga} />
      <SagaCopy saga={saga} />
    </Group>
  );
}

function SagaPage({ saga }: { readonly saga: SagaDetail }) {
  const { tab, at } = useSearch({ from: '/sagas/$id' });
  const navigate = useNavigate({ from: '/sagas/$id' });
  const shown = isTab(tab) ? tab : 'diagram';
  const selected = typeof at === 'string' && /^\d+$/.test(at) ? Math.min(Number(at), saga.revision) : undefined;
  const show = (name: string | null): void =>
    void navigate({ search: (before) => ({ ...before, tab: name ?? undefined }), replace: true });
  const select = (seq: number | undefined): void =>
    void navigate({
      search: (before) => ({ ...before, at: seq === undefined ? undefined : String(seq) }),
      replace: true,
      resetScroll: false,
    });
  const { Content } = TABS[shown];
  const counts: Partial<Record<TabName, number>> = {
    history: saga.history.length,
    'dead-letters': saga.deadLetters.length,
  };
  return (
    <>
      <SagaHeader saga={saga} />
      <Tabs value={shown} onChange={show} keepMounted={false}>
        <Tabs.List>
          {Object.entries(TABS).map(([name, { label }]) => {
            const count = counts[name as TabName];
            return (
              <Tabs.Tab key={name} value={name}>
                {label}
                {count !== undefined && count > 0 && ` (${count})`}
              </Tabs.Tab>
            );
          })}
        </Tabs.List>
        <Tabs.Panel value={shown} pt="md">
          <Content saga={saga} at={selected} onSelect={select} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
