import { Anchor, Button, Group, Menu, Paper, Stack, Text } from '@mantine/core';
import { KebabHorizontalIcon } from '@primer/octicons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Admin } from '../../api/schemas';
import { ActButton } from '../../parts/act-button';
import { BulkDialog, wordOf, type BulkAction } from '../../parts/bulk-dialog';
import { SagaLink } from '../../parts/links';
import { SagaStatus } from '../../parts/saga-status';
import { useWhyNotAct } from '../../parts/session';
import { count, counted, Words } from '../../parts/texts';
import { Time } from '../../parts/time';

type Incident = Admin['IncidentView'];

const OTHERS: readonly BulkAction[] = ['resume', 'retry', 'cancel', 'resolve', 'skip'];

/** Sagas that stand for the same reason, with what usually helps as a button. */
export function IncidentCard({ incident }: { readonly incident: Incident }) {
  const [action, setAction] = useState<BulkAction>();
  const whyNot = useWhyNotAct();
  const { id, definition, step, reason, status, remedy, sample, error, command } = incident;
  return (
    <Paper withBorder px="md" py="sm" component="article" aria-label={`Incident: ${reason} in ${definition}`}>
      <Group justify="space-between" align="start" gap="md">
        <Stack gap={4} flex="1 1 20rem" miw={0}>
          <Group gap="xs">
            <Anchor
              fw={700}
              c="inherit"
              renderRoot={(props) => <Link to="/sagas" search={{ incident: id }} {...props} />}
            >
              {counted(incident.count, 'saga')}
            </Anchor>
            <SagaStatus status={status} />
            <Text size="sm" fw={600}>
              <Words>{reason}</Words>
            </Text>
            <Text size="sm" c="dimmed">
              <Words>{[definition, step].filter(Boolean).join(' › ')}</Words>
              {command !== undefined && ` (${command})`}
            </Text>
          </Group>
          {error !== undefined && (
            <Text size="sm" lineClamp={2} ff="monospace" fz="xs">
              <Words>{error}</Words>
            </Text>
          )}
          <Text size="sm">{remedy.text}</Text>
          <Text size="xs" c="dimmed">
            First <Time at={incident.first} />, last <Time at={incident.last} />
            {incident.pastPivot > 0 && ` · ${count(incident.pastPivot)} past the pivot`}
            {incident.deadLetters > 0 && ` · ${counted(incident.deadLetters, 'open dead letter')}`}
            {' · for example '}
            <SagaLink id={sample.saga} subject={sample.subject} />
          </Text>
        </Stack>
        <Group gap={6}>
          {remedy.action !== undefined && (
            <ActButton size="xs" onClick={() => setAction(remedy.action)}>
              {wordOf(remedy.action)} {count(incident.count)}
            </ActButton>
          )}
          <Menu position="bottom-end" shadow="md">
            <Menu.Target>
              <Button
                size="xs"
                variant="default"
                px={8}
                aria-label={`Other actions on ${counted(incident.count, 'saga')}`}
              >
                <KebabHorizontalIcon size={14} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {whyNot === undefined ? (
                OTHERS.filter((each) => each !== remedy.action).map((each) => (
                  <Menu.Item key={each} onClick={() => setAction(each)}>
                    {wordOf(each)} …
                  </Menu.Item>
                ))
              ) : (
                <Menu.Label>{whyNot}</Menu.Label>
              )}
              <Menu.Divider />
              <Menu.Item renderRoot={(props) => <Link to="/sagas" search={{ incident: id }} {...props} />}>
                See its sagas
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      <BulkDialog action={action} target={{ where: { incident: id } }} onClose={() => setAction(undefined)} />
    </Paper>
  );
}
