import { Badge, Card, Code, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { scenarios, type Scenario } from '../../../scenarios';
import { LiveSaga } from '../shop/live-saga';
import { placeOrder } from '../shop/place-order';
import { BusyButton } from '../../parts/busy-button';
import { notifyFailure } from '../../parts/notify-failure';

/** Stories of one broken order each: a click places the order and shows how it is mended, as it happens. */
export function Scenarios() {
  const [told, setTold] = useState<{ readonly name: string; readonly sagaId: string }>();
  return (
    <section aria-labelledby="scenarios">
      <Title order={2} size="h4" id="scenarios" mb="xs">
        Scenarios
      </Title>
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
          {scenarios.map((scenario) => (
            <ScenarioCard
              key={scenario.name}
              scenario={scenario}
              isTold={told?.name === scenario.name}
              onPlaced={(sagaId) => setTold({ name: scenario.name, sagaId })}
            />
          ))}
        </SimpleGrid>
        {told && <LiveSaga key={told.sagaId} id={told.sagaId} title={titleOf(told.name)} />}
      </Stack>
    </section>
  );
}

/** `A lost reply` for `lost-reply`. */
const titleOf = (name: string): string => {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function ScenarioCard({
  scenario: { name, shows, sku = 'SKU-CUP', fault, suspends, end },
  isTold,
  onPlaced,
}: {
  readonly scenario: Scenario;
  readonly isTold: boolean;
  readonly onPlaced: (sagaId: string) => void;
}) {
  const run = useMutation({
    mutationFn: () => placeOrder({ lines: { [sku]: 1 }, token: 'tok_ok', fault }),
    onSuccess: ({ sagaId }) => onPlaced(sagaId),
    onError: notifyFailure('Nothing was ordered'),
  });
  return (
    <Card withBorder padding="sm">
      <Stack gap="xs" h="100%" justify="space-between">
        <div>
          <Group justify="space-between" wrap="nowrap" mb={4}>
            <Title order={3} size="h5">
              {titleOf(name)}
            </Title>
            <Badge variant="default" tt="none" fw={400}>
              ends {end.toLowerCase()}
            </Badge>
          </Group>
          <Text size="sm" c="dimmed">
            {shows}
          </Text>
        </div>
        {suspends === undefined ? (
          <BusyButton
            size="xs"
            variant={isTold ? 'light' : 'default'}
            busy={run.isPending}
            onClick={() => run.mutate()}
          >
            {isTold ? 'Run it again' : 'Run it'}
          </BusyButton>
        ) : (
          <Text size="xs">
            A browser cannot suspend the {suspends}: run <Code>npm run demo -- {name}</Code>
          </Text>
        )}
      </Stack>
    </Card>
  );
}
