import { Group, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { Admin } from '../../api/schemas';
import { ActButton } from '../../parts/act-button';
import { StateBadge } from '../../parts/state-badge';
import { count, counted, Words } from '../../parts/texts';
import { durationText, Time } from '../../parts/time';
import { HoldDialog } from '../holds/hold-dialog';
import { heldText } from '../holds/hold-text';
import { ReleaseDialog } from '../holds/release-dialog';

type Service = Admin['ServiceOverviewView'];

/** Each service that handles commands: who reads them, how far, and whether they are held. */
export function ServicesTable({ services }: { readonly services: readonly Service[] }) {
  const [holding, setHolding] = useState<string>();
  const [releasing, setReleasing] = useState<Admin['HoldView']>();
  return (
    <>
      <Table.ScrollContainer minWidth={760}>
        <Table verticalSpacing={6} fz="sm" aria-label="Services">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Service</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th ta="end">Instances</Table.Th>
              <Table.Th ta="end">Lag</Table.Th>
              <Table.Th>Last reply</Table.Th>
              <Table.Th>Slowest command</Table.Th>
              <Table.Th ta="end">Action</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {services.map((service) => (
              <Row
                key={service.service}
                service={service}
                hold={() => setHolding(service.service)}
                release={setReleasing}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {holding !== undefined && <HoldDialog where={{ service: holding }} onClose={() => setHolding(undefined)} />}
      {releasing && <ReleaseDialog hold={releasing} onClose={() => setReleasing(undefined)} />}
    </>
  );
}

interface RowProps {
  readonly service: Service;
  readonly hold: () => void;
  readonly release: (hold: Admin['HoldView']) => void;
}

function Row({ service: { service, instances, lag, lastReplyAt, slowestHandler, holds }, hold, release }: RowProps) {
  const [held] = holds;
  return (
    <Table.Tr>
      <Table.Td fw={600}>
        <Words>{service}</Words>
      </Table.Td>
      <Table.Td>
        {held ? (
          <Group gap={6}>
            <StateBadge word="held" color="held" sign="◷" />
            <Text fz="xs" c="dimmed">
              {heldText(held.where)}, {counted(held.waiting.sagas, 'saga')} waiting
            </Text>
          </Group>
        ) : instances?.length === 0 ? (
          <StateBadge word="nobody reads" color="paused" sign="!" />
        ) : (
          <StateBadge word="reads" color="completed" sign="✓" />
        )}
      </Table.Td>
      <Table.Td ta="end" title={instances?.map(({ instance }) => instance).join(', ')}>
        {instances === undefined ? '–' : count(instances.length)}
      </Table.Td>
      <Table.Td ta="end">{lag === undefined ? '–' : count(lag)}</Table.Td>
      <Table.Td>{lastReplyAt === undefined ? '–' : <Time at={lastReplyAt} />}</Table.Td>
      <Table.Td>
        {slowestHandler ? <Words>{`${slowestHandler.command}, p99 ${durationText(slowestHandler.p99)}`}</Words> : '–'}
      </Table.Td>
      <Table.Td ta="end">
        {held ? (
          <ActButton
            size="compact-xs"
            variant="default"
            aria-label={`Release ${service}`}
            onClick={() => release(held)}
          >
            Release …
          </ActButton>
        ) : (
          <ActButton size="compact-xs" variant="default" aria-label={`Hold ${service}`} onClick={hold}>
            Hold …
          </ActButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
