import { SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { Admin } from '../api/schemas';
import type { Overlay } from './overlay';
import { StepTable } from './step-table';

const DefinitionFlow = lazy(() => import('./definition-flow').then((module) => ({ default: module.DefinitionFlow })));

interface GraphProps {
  readonly stages: readonly Admin['DefinedStage'][];
  /** @default nothing is said of the steps */
  readonly overlay?: Overlay;
  readonly selected?: string | undefined;
  readonly onStep?: (step: string) => void;
}

const NOTHING: Overlay = {};

/** The graph of a definition, or the same as a table. */
export function DefinitionGraph({ stages, overlay = NOTHING, selected, onStep }: GraphProps) {
  const [shown, setShown] = useState('graph');
  return (
    <Stack gap="xs">
      <SegmentedControl
        size="xs"
        w={160}
        aria-label="How the steps are shown"
        data={[
          { value: 'graph', label: 'Graph' },
          { value: 'table', label: 'Table' },
        ]}
        value={shown}
        onChange={setShown}
      />
      {shown === 'table' ? (
        <StepTable stages={stages} overlay={overlay} onStep={onStep} />
      ) : (
        <Suspense fallback={<Skeleton height={240} />}>
          <DefinitionFlow stages={stages} overlay={overlay} selected={selected} onStep={onStep} />
        </Suspense>
      )}
    </Stack>
  );
}
