import { Alert, Group, Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { admin, dataOf, type Admin } from '../../api/client';
import { useLiveQueries } from '../../api/use-live';
import { CopyMenu, curlToCopy, linkToCopy } from '../../parts/copy-menu';
import { Facts } from '../../parts/facts';
import { SagaLink } from '../../parts/links';
import { Loaded } from '../../parts/loaded';
import { Screen } from '../../parts/screen';
import { count, Words } from '../../parts/texts';
import { Time } from '../../parts/time';
import { DeadLetterLink, LetterDecision, Masked } from './letter-decision';
import { LetterStatus } from './letter-status';
import { MessageContent } from './message-content';

type Letter = Admin['DeadLetterDetail'];

/** One dead letter: the whole message, why it is here, and what can be done. */
export function DeadLetter() {
  const { id } = useParams({ from: '/dead-letters/$id' });
  const key = ['dead-letters', 'one', id];
  const query = useQuery({
    queryKey: key,
    queryFn: () => dataOf(admin.GET('/v1/dead-letters/{id}', { params: { path: { id } } })),
  });
  useLiveQueries(['dead-letter', 'reset'], key);
  const { data } = query;
  // Kept only while the page is open.
  const [revealed, setRevealed] = useState<Letter>();
  return (
    <Screen
      title={data ? `Dead letter: ${data.type ?? data.topic}` : 'Dead letter'}
      actions={
        <Group gap="xs">
          {data && <LetterDecision letter={data} />}
          <CopyMenu items={[linkToCopy(), curlToCopy(`/v1/dead-letters/${id}`), { label: 'Id', text: id }]} />
        </Group>
      }
    >
      <Loaded query={query}>
        {(letter) => {
          const whole = revealed?.id === letter.id ? { ...letter, ...contentOf(revealed) } : letter;
          return <Details letter={whole} onRevealed={setRevealed} />;
        }}
      </Loaded>
    </Screen>
  );
}

/** What masking changes. */
function contentOf({ detail, key, value, headers }: Letter) {
  return { detail, key, value, headers, masked: undefined };
}

function Details({ letter, onRevealed }: { readonly letter: Letter; readonly onRevealed: (letter: Letter) => void }) {
  const { decision, advice, notRedrivable, headers, key, value } = letter;
  return (
    <Stack gap="md">
      <Paper withBorder p="md">
        <Stack gap="sm">
          <Group gap="md">
            <LetterStatus status={letter.status} outcome={letter.outcome} />
            <Text size="sm" fw={600}>
              <Words>{letter.reason}</Words>
            </Text>
          </Group>
          <Text fz="xs" ff="monospace">
            <Words most={2_000}>{letter.detail}</Words>
          </Text>
          {advice !== undefined && <Text size="sm">{advice}</Text>}
          {notRedrivable && letter.status === 'open' && (
            <Alert color="gray" variant="light" title="Sending it again cannot help">
              <Words>{notRedrivable.detail}</Words>
            </Alert>
          )}
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xs">
            <Facts
              facts={{
                Saga: letter.saga && <SagaLink id={letter.saga} />,
                Service: <Words>{letter.service}</Words>,
                From: <Words>{`${letter.topic}, partition ${letter.partition}, offset ${letter.offset}`}</Words>,
                Size: `${count(letter.bytes)} bytes${letter.cut ? ', cut' : ''}`,
              }}
            />
            <Facts
              facts={{
                Kept: <Time at={letter.keptAt} />,
                'Message id': letter.messageId && <Words>{letter.messageId}</Words>,
                'Sent again': letter.sentAt && <Time at={letter.sentAt} />,
                'Redrive of': letter.redriveOf && <DeadLetterLink id={letter.redriveOf} />,
              }}
            />
          </SimpleGrid>
          {decision && (
            <Text size="sm">
              Decided by <Words>{decision.operator}</Words> <Time at={decision.at} />: <Words>{decision.reason}</Words>
              {decision.override && (
                <>
                  {' '}
                  (trusted because <Words>{decision.override.reason}</Words>; doubt:{' '}
                  <Words>{decision.override.doubt}</Words>)
                </>
              )}
            </Text>
          )}
        </Stack>
      </Paper>
      <Masked letter={letter} onRevealed={onRevealed} />
      <Title order={2} size="h5">
        Headers
      </Title>
      <Table.ScrollContainer minWidth={320}>
        <Table verticalSpacing={4} fz="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={200}>Name</Table.Th>
              <Table.Th>Value</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {headers.map(({ name, text, base64 }, at) => (
              // Kafka allows a name twice.
              // oxlint-disable-next-line react/no-array-index-key
              <Table.Tr key={`${name} ${at}`}>
                <Table.Td ff="monospace">
                  <Words>{name}</Words>
                </Table.Td>
                <Table.Td ff="monospace">
                  <Words most={500}>{text ?? `base64: ${base64 ?? ''}`}</Words>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {key && <MessageContent title="Key" content={key} />}
      {value && <MessageContent title="Value" content={value} />}
      {!value && letter.masked !== 'whole' && <Text c="dimmed">The message has no value.</Text>}
    </Stack>
  );
}
