import { Stack, Table, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { JsonView } from '../../parts/json-view';
import { Nothing } from '../../parts/nothing';
import { ShowMore } from '../../parts/show-more';
import { Words } from '../../parts/texts';
import { messagesOf } from './messages';
import type { TabProps } from './tab-props';

/** The commands and their replies, one under the other, and the saga's input. Sensitive fields are masked by the API. */
export function MessagesTab({ saga }: TabProps) {
  const messages = useMemo(() => messagesOf(saga.history), [saga.history]);
  return (
    <Stack gap="md">
      <div>
        <Title order={2} size="h5">
          Input
        </Title>
        <JsonView value={saga.input} label="The input of the saga" />
      </div>
      {messages.length === 0 ? (
        <Nothing title="No message">The saga has sent nothing yet.</Nothing>
      ) : (
        <ShowMore rows={messages} noun="command">
          {(shown) => (
            <Table.ScrollContainer minWidth={640} scrollAreaProps={{ tabIndex: 0 }}>
              <Table aria-label="The commands and their replies">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Command</Table.Th>
                    <Table.Th>Step</Table.Th>
                    <Table.Th>Sent</Table.Th>
                    <Table.Th>Reply</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {shown.map(({ commandId, command, step, direction, attempt, sentAt, reply }) => (
                    <Table.Tr key={commandId}>
                      <Table.Td>
                        {direction === 'compensation' && '↩ '}
                        <Words>{command}</Words>
                        <Text size="xs" ff="monospace" c="dimmed">
                          {commandId}
                        </Text>
                      </Table.Td>
                      <Table.Td>
                        <Words most={60}>{step}</Words>
                        {attempt > 1 && `, attempt ${attempt}`}
                      </Table.Td>
                      <Table.Td>{sentAt.length === 1 ? 'once' : `${sentAt.length} times`}</Table.Td>
                      <Table.Td>
                        {reply === undefined ? (
                          <Text size="sm" c="dimmed">
                            none yet
                          </Text>
                        ) : (
                          <>
                            <Text size="sm">{reply.outcome}</Text>
                            {reply.data !== undefined && (
                              <JsonView value={reply.data} label={`The reply to ${command}`} />
                            )}
                          </>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )}
        </ShowMore>
      )}
    </Stack>
  );
}
