import { Anchor, Group, Paper, Switch, Table, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Admin } from '../../api/schemas';
import { useArmedFaults, useArming, useFaultCatalog } from '../../faults/use-faults';
import { notifyFailure } from '../../parts/notify-failure';

type Fault = Pick<Admin['FaultRequest'], 'point' | 'effect' | 'every'>;

/** How a service can be broken by one switch. */
const ways: readonly { readonly label: string; readonly what: string; readonly fault: Fault }[] = [
  {
    label: 'Stopped',
    what: 'reads no message',
    fault: { point: 'received', effect: { type: 'hang' }, every: true },
  },
  {
    label: 'Slow',
    what: 'takes 3 s for each command',
    fault: { point: 'before-handler', effect: { type: 'delay', ms: 3_000 }, every: true },
  },
  {
    label: 'Loses replies',
    what: 'does its work, and nobody hears of it',
    fault: { point: 'before-publish', effect: { type: 'drop-reply' }, every: true },
  },
];

/** Of a forgotten switch. */
const TTL = '10m';

const services = ['inventory', 'payment', 'order'] as const;

/** Breaks a service for all orders, by a fault that it arms, and mends it again. Only where the backend has faults. */
export function BreakServices() {
  const catalog = useFaultCatalog();
  const { data } = useArmedFaults();
  const { arm, disarm } = useArming();
  if (catalog === undefined) return null;
  const armed = (service: string, { point, effect }: Fault) =>
    data?.items.find(
      (each) =>
        each.service === service &&
        each.command === undefined &&
        each.point === point &&
        each.effect.type === effect.type,
    );
  const set = (service: string, fault: Fault): void => {
    const there = armed(service, fault);
    if (there) disarm.mutate(there.id);
    else arm.mutate({ service, ttl: TTL, ...fault }, { onError: notifyFailure(`${service} is not broken`) });
  };
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="break">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="break">
          Break a service
        </Title>
        <Anchor component={Link} to="/faults" size="sm">
          More faults
        </Anchor>
      </Group>
      <Table verticalSpacing={6} horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Service</Table.Th>
            {ways.map(({ label, what }) => (
              <Table.Th key={label}>
                {label}
                <Text size="xs" c="dimmed">
                  {what}
                </Text>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {services.map((service) => (
            <Table.Tr key={service}>
              <Table.Td>{service}</Table.Td>
              {ways.map(({ label, fault }) => (
                <Table.Td key={label}>
                  <Switch
                    size="sm"
                    color="red"
                    aria-label={`${service}: ${label.toLowerCase()}`}
                    checked={armed(service, fault) !== undefined}
                    onChange={() => set(service, fault)}
                  />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" mt="xs">
        A switch mends itself after {TTL.replace('m', ' minutes')}.
      </Text>
    </Paper>
  );
}
