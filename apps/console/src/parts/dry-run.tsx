import { Alert, Badge, Group, List, Skeleton, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Problem } from '../api/problem';
import type { Admin } from '../api/schemas';
import { SagaLink } from './links';
import { count, counted, Words } from './texts';

/** What an action would do. */
export interface Preview {
  /** What it acts on, in the singular: `saga`. @default 'saga' */
  readonly noun?: string;
  /** How many match; absent for one saga. */
  readonly matched?: number;
  /** How many of them were tried. */
  readonly tried?: number;
  /** On how many of those the action would take effect. */
  readonly effective?: number;
  /** The status that a saga would get. */
  readonly statusAfter?: string;
  readonly skipped?: readonly Admin['SkipCountView'][];
  readonly commands: readonly {
    readonly command: string;
    readonly direction: 'action' | 'compensation';
    readonly count?: number;
    readonly again?: boolean;
  }[];
  /** The first of them. */
  readonly sample?: readonly { readonly id: string; readonly skipped?: string; readonly what: string }[];
}

/** The answer of a dry run of a bulk action. */
export function previewOfBulk(view: Admin['DryRunView'], noun: 'saga' | 'dead letter'): Preview {
  const { matched, tried, effective, skipped, commands, items } = view;
  const sample = items.slice(0, 5).map(({ id, skipped: why, detail, commands: sent }) => ({
    id,
    skipped: why,
    what: why ? (detail ?? why) : sent.map(({ command }) => command).join(', '),
  }));
  return { noun, matched, tried, effective, skipped, commands, sample };
}

/** The answer of a dry run of an action on one saga. */
export function previewOfAction(view: Admin['ActionPreviewView']): Preview {
  return { commands: view.commands, statusAfter: view.statusAfter };
}

export function DryRun({ query }: { readonly query: UseQueryResult<Preview | null> }) {
  const { data, error, isFetching } = query;
  if (error)
    return (
      <Alert color="orange" title={isRefusal(error) ? 'Not possible now' : 'What it would do is not known'}>
        {error.message}
      </Alert>
    );
  if (!data) return <Skeleton height={56} aria-label="Finding out what it would do" role="status" />;
  return (
    <Stack gap={6} className="dry-run" aria-label="What it would do" role="group" aria-busy={isFetching}>
      <Summary preview={data} />
      {data.commands.length > 0 && (
        <Group gap={6} align="center">
          <Text size="xs" c="dimmed">
            Sends
          </Text>
          {data.commands.map(({ command, direction, count: times, again }) => (
            <Badge
              key={`${command} ${direction}`}
              tt="none"
              variant="outline"
              fw={500}
              styles={{
                root: {
                  color: `var(--state-${direction === 'action' ? 'running' : 'compensating'})`,
                  borderColor: 'currentColor',
                },
              }}
            >
              {times === undefined ? '' : `${count(times)} × `}
              {direction === 'compensation' && '↩ '}
              {command}
              {again === true && ', again'}
            </Badge>
          ))}
        </Group>
      )}
      {(data.skipped ?? []).map(({ reason, detail, count: times }) => (
        <Text size="xs" c="dimmed" key={reason}>
          {count(times)} skipped: <Words>{detail}</Words>
        </Text>
      ))}
      <Sample preview={data} />
    </Stack>
  );
}

/** Whether the API says why the action cannot be taken. */
function isRefusal(error: Error): boolean {
  return error instanceof Problem && error.status === 409;
}

function Summary({ preview }: { readonly preview: Preview }) {
  const { noun = 'saga', matched, tried, effective, statusAfter, commands } = preview;
  if (matched === undefined)
    return (
      <Text size="sm">
        {commands.length === 0 ? 'Sends nothing now' : `Sends ${counted(commands.length, 'command')} now`}
        {statusAfter === undefined ? '.' : `; it is then ${statusAfter.toLowerCase()}.`}
      </Text>
    );
  if (effective === 0) return <Text size="sm">It would do nothing to the {counted(matched, noun)} that match.</Text>;
  const all = tried === matched && effective === matched;
  return (
    <Text size="sm">
      <b>{counted(matched, noun)}</b> {matched === 1 ? 'matches' : 'match'}
      {all
        ? '; it takes effect on each.'
        : `; of ${count(tried ?? 0)} tried it takes effect on ${count(effective ?? 0)}.`}
    </Text>
  );
}

function Sample({ preview: { sample = [], noun } }: { readonly preview: Preview }) {
  if (sample.length === 0) return null;
  return (
    <List size="xs" spacing={2} listStyleType="none">
      {sample.map(({ id, skipped, what }) => (
        <List.Item key={id}>
          {noun === 'saga' ? (
            <SagaLink id={id} />
          ) : (
            <Text span ff="monospace" inherit>
              {id}
            </Text>
          )}{' '}
          <Text span inherit c={skipped === undefined ? undefined : 'dimmed'}>
            {skipped === undefined ? '→ ' : 'skipped: '}
            <Words most={120}>{what === '' ? 'no command now' : what}</Words>
          </Text>
        </List.Item>
      ))}
    </List>
  );
}
