import { Drawer, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Admin } from '../api/schemas';
import { useDefinition } from '../graph/use-definition';
import { Loaded } from '../parts/loaded';
import { StepDetails } from './step-panel';

type Step = Admin['DefinedStep'];

interface ServicePanelProps {
  readonly saga: Pick<Admin['SagaDetail'], 'definition' | 'version' | 'subject'>;
  /** The service whose steps can be broken; undefined while none is chosen. */
  readonly service: string | undefined;
  readonly onClose: () => void;
}

/** The steps of a saga that a service runs, and a form that arms a fault at one of them. */
export function ServicePanel({ saga: { definition, version, subject }, service, onClose }: ServicePanelProps) {
  const query = useDefinition(service === undefined ? undefined : definition, version);
  return (
    <Drawer opened={service !== undefined} onClose={onClose} position="right" title={`Break ${service ?? ''}`}>
      {service !== undefined && (
        <Loaded query={query}>
          {({ stages }) => (
            <StepsOfService
              key={service}
              steps={stages.flatMap(({ steps }) => steps).filter((step) => isOf(step, service))}
              subject={subject}
              onArmed={onClose}
            />
          )}
        </Loaded>
      )}
    </Drawer>
  );
}

interface StepsOfServiceProps {
  readonly steps: readonly Step[];
  readonly subject: string | undefined;
  readonly onArmed: () => void;
}

function StepsOfService({ steps, subject, onArmed }: StepsOfServiceProps) {
  const [chosen, setChosen] = useState(steps[0]?.name);
  const step = steps.find(({ name }) => name === chosen);
  if (step === undefined) return <Text size="sm">No step of this saga sends it a command.</Text>;
  return (
    <Stack>
      {steps.length > 1 && (
        <Select
          label="Step"
          allowDeselect={false}
          data={steps.map(({ name }) => name)}
          value={step.name}
          onChange={(name) => setChosen(name ?? undefined)}
        />
      )}
      <StepDetails key={step.name} step={step} subject={subject} onArmed={onArmed} />
    </Stack>
  );
}

function isOf({ action, compensation }: Step, service: string): boolean {
  return action?.service === service || compensation?.service === service;
}
