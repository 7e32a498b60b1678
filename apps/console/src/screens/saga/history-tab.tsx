import { Button, Code, Table, Text } from '@mantine/core';
import { memo, useMemo } from 'react';
import { rowsOf } from './history-rows';
import { JsonView } from '../../parts/json-view';
import { ShowMore } from '../../parts/show-more';
import { Words } from '../../parts/texts';
import type { TabProps } from './tab-props';
import type { SagaDetail } from './use-saga';

/** Every entry of the history, with what it sent and its data. */
export function HistoryTab({ saga: { history }, at, onSelect }: TabProps) {
  const rows = useMemo(() => rowsOf(history), [history]);
  return (
    <ShowMore rows={rows} noun="older entry" plural="older entries">
      {(shown) => (
        <Table.ScrollContainer minWidth={720} scrollAreaProps={{ tabIndex: 0 }}>
          <Table aria-label="The history, the newest entry first" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th style={{ whiteSpace: 'nowrap' }}>Entry</Table.Th>
                <Table.Th>Time</Table.Th>
                <Table.Th>What happened</Table.Th>
                <Table.Th>Sent</Table.Th>
                <Table.Th>Data</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map(({ entry, what }) => (
                <HistoryRow key={entry.seq} entry={entry} what={what} isOpen={entry.seq === at} onSelect={onSelect} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </ShowMore>
  );
}

interface HistoryRowProps {
  readonly entry: SagaDetail['history'][number];
  readonly what: string;
  readonly isOpen: boolean;
  readonly onSelect: (seq: number) => void;
}

const HistoryRow = memo(function HistoryRow({ entry, what, isOpen, onSelect }: HistoryRowProps) {
  const { seq, at, sent, event } = entry;
  return (
    <Table.Tr bg={isOpen ? 'var(--mantine-color-default-hover)' : undefined}>
      <Table.Td>{seq}</Table.Td>
      <Table.Td>
        <Text size="sm" ff="monospace" style={{ whiteSpace: 'nowrap' }}>
          {at.replace('T', ' ').replace('Z', '')}
        </Text>
      </Table.Td>
      <Table.Td>
        <Words>{what}</Words>
      </Table.Td>
      <Table.Td>
        {sent.slice(0, 5).map(({ commandId, command, step, attempt, again }) => (
          <div key={`${commandId} ${again}`}>
            <Code>{command}</Code> {step} {attempt > 1 && `attempt ${attempt}`} {again && 'again'}
          </div>
        ))}
        {sent.length > 5 && `and ${sent.length - 5} more`}
      </Table.Td>
      <Table.Td>
        {isOpen ? (
          <JsonView value={event} label={`Entry ${seq}`} />
        ) : (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => onSelect(seq)}
            aria-label={`Show the data of entry ${seq}`}
          >
            Show
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
});
