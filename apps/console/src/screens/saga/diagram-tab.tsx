import { Grid, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { ServicePanel } from '../../faults/service-panel';
import { useFaultCatalog } from '../../faults/use-faults';
import { JsonView } from '../../parts/json-view';
import { useWhyNotAct } from '../../parts/session';
import { Scrubber } from '../../diagram/scrubber';
import { SequenceDiagram } from '../../diagram/sequence-diagram';
import { stateAt } from '../../diagram/state-at';
import { StatePanel } from '../../diagram/state-panel';
import type { TabProps } from './tab-props';

/** What happened, as a sequence diagram, with the state at any time beside it. */
export function DiagramTab({ saga, at, onSelect }: TabProps) {
  const last = saga.history.length;
  const shown = at ?? last;
  const state = useMemo(() => stateAt(saga.history, shown), [saga.history, shown]);
  const [service, setService] = useState<string>();
  const hasFaults = useFaultCatalog() !== undefined;
  const canBreak = useWhyNotAct() === undefined && hasFaults && saga.steps.length > 0;
  const entry = saga.history[shown - 1];
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, lg: 9 }}>
        <Stack gap="sm">
          <Scrubber last={last} at={shown} onChange={onSelect} />
          <SequenceDiagram saga={saga} at={at} onSelect={onSelect} onService={canBreak ? setService : undefined} />
          <ServicePanel saga={saga} service={service} onClose={() => setService(undefined)} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 3 }} component="section" aria-label="The state after the selected entry">
        <Stack gap="sm">
          <Text size="sm" fw={600} aria-live="polite">
            After entry {shown} of {last}
          </Text>
          <StatePanel state={state} />
          {entry && at !== undefined && <JsonView value={entry.event} label={`Entry ${shown}`} />}
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
