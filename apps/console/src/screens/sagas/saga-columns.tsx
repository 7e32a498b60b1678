import { Text } from '@mantine/core';
import type { Admin } from '../../api/schemas';
import type { Column } from '../../parts/columns';
import { DefinitionLink, SagaLink } from '../../parts/links';
import { SagaStatus } from '../../parts/saga-status';
import { Line } from '../../parts/texts';
import { durationText, Time, useNow } from '../../parts/time';

export type SagaRow = Admin['SagaSummary'];

export const sagaColumns: readonly Column<SagaRow>[] = [
  {
    id: 'status',
    header: 'Status',
    width: 150,
    cell: ({ status, held }) => <SagaStatus status={status} held={held} />,
  },
  {
    id: 'subject',
    header: 'Saga',
    width: 285,
    fixed: true,
    cell: ({ id, subject }) => <SagaLink id={id} subject={subject} />,
  },
  {
    id: 'definition',
    header: 'Definition',
    width: 135,
    cell: ({ definition, version }) => <DefinitionLink name={definition} version={version} />,
  },
  { id: 'why', header: 'Why', width: 160, grows: 1, cell: (saga) => <Why saga={saga} /> },
  { id: 'started', header: 'Started', width: 130, cell: ({ startedAt }) => <Time at={startedAt} /> },
  { id: 'took', header: 'Took', width: 85, end: true, cell: (saga) => <Took saga={saga} /> },
  {
    id: 'wake',
    header: 'Next',
    width: 95,
    cell: ({ wakeAt }) => (wakeAt === undefined ? null : <Time at={wakeAt} />),
  },
  { id: 'ended', header: 'Ended', width: 120, extra: true, cell: ({ endedAt }) => endedAt && <Time at={endedAt} /> },
  { id: 'revision', header: 'Revision', width: 80, end: true, extra: true, cell: ({ revision }) => revision },
  {
    id: 'parent',
    header: 'Parent',
    width: 290,
    extra: true,
    cell: ({ parent }) => parent && <SagaLink id={parent.saga} />,
  },
  {
    id: 'id',
    header: 'Id',
    width: 300,
    extra: true,
    cell: ({ id }) => (
      <Text ff="monospace" fz="xs">
        {id}
      </Text>
    ),
  },
];

/** Why a saga is paused, or why it is compensated. */
function Why({ saga: { pause, cause } }: { readonly saga: SagaRow }) {
  if (pause) return <Line c="var(--state-paused)">{[pause.reason, pause.step].filter(Boolean).join(' at ')}</Line>;
  if (cause) return <Line c="dimmed">{[cause.reason, cause.step].filter(Boolean).join(' at ')}</Line>;
  return null;
}

function Took({ saga: { startedAt, endedAt } }: { readonly saga: SagaRow }) {
  const now = useNow();
  const ms =
    (endedAt === undefined ? Math.max(now, Date.parse(startedAt)) : Date.parse(endedAt)) - Date.parse(startedAt);
  return (
    <Text span inherit c={endedAt === undefined ? 'dimmed' : undefined}>
      {durationText(ms)}
    </Text>
  );
}
