import { Drawer, SegmentedControl, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import type { Admin } from '../api/schemas';
import { kindText } from '../graph/difference';
import { Facts } from '../parts/facts';
import { ArmFault } from './arm-fault';
import { useFaultCatalog } from './use-faults';

type Step = Admin['DefinedStep'];

/** What a step does, and a fault to arm there. */
export function StepPanel({ step, onClose }: { readonly step: Step | undefined; readonly onClose: () => void }) {
  return (
    <Drawer opened={step !== undefined} onClose={onClose} position="right" title={step && `Step ${step.name}`}>
      {step && <StepDetails key={step.name} step={step} onArmed={onClose} />}
    </Drawer>
  );
}

interface StepDetailsProps {
  readonly step: Step;
  /** The business key of the saga that is shown; the fault can be limited to it. */
  readonly subject?: string | undefined;
  readonly onArmed: () => void;
}

/** What a step does, and a form that arms a fault at its action or compensation. */
export function StepDetails({ step, subject, onArmed }: StepDetailsProps) {
  const { kind, action, compensation, wait, child, conditional, forEach } = step;
  const catalog = useFaultCatalog();
  const [direction, setDirection] = useState(action === undefined ? 'compensation' : 'action');
  const broken = direction === 'action' ? action : compensation;
  return (
    <Stack>
      <Facts
        facts={{
          Kind: kindText[kind],
          Action: action?.command,
          Service: (action ?? compensation)?.service,
          Timeout: action?.timeout,
          Attempts: action && (action.attempts ?? 'until it succeeds'),
          Backoff: action?.backoff,
          Refusals: action && action.refusals.length > 0 ? action.refusals.join(', ') : undefined,
          Compensation: compensation?.command,
          'Waits for': wait && `${wait.signal}, at most ${wait.timeout}`,
          Starts: child && `${child.definition} v${child.version}`,
          'For each item': forEach && `${forEach.concurrency} at once`,
          Condition: conditional ? 'decides whether it runs' : undefined,
        }}
      />
      {catalog && broken && (
        <Stack gap="sm" component="section" aria-labelledby="arm">
          <Title order={3} size="h5" id="arm">
            Break it here
          </Title>
          {action && compensation && (
            <SegmentedControl
              aria-label="What to break"
              data={[
                { value: 'action', label: 'Its action' },
                { value: 'compensation', label: 'Its compensation' },
              ]}
              value={direction}
              onChange={setDirection}
            />
          )}
          <ArmFault
            key={direction}
            catalog={catalog}
            service={broken.service}
            command={broken.command}
            subject={subject}
            onArmed={onArmed}
          />
        </Stack>
      )}
    </Stack>
  );
}
