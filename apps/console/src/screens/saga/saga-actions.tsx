import { Group, JsonInput, NumberInput, SegmentedControl, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ActionDialog, type ProblemAt } from '../../parts/action-dialog';
import { ActButton } from '../../parts/act-button';
import { previewOfAction } from '../../parts/dry-run';
import { act, type ActionName, type ActionRequest } from './act';
import { sagaKey, type SagaDetail } from './use-saga';

interface Offered {
  readonly label: string;
  readonly explanation: string;
  readonly color?: string;
}

const ACTIONS: Readonly<Record<ActionName, Offered>> = {
  pause: { label: 'Pause', explanation: 'It accepts replies, but begins no step until it is resumed.' },
  resume: { label: 'Resume', explanation: 'It continues; commands without a reply are sent again.' },
  retry: { label: 'Retry now', explanation: 'Sends commands without a reply again, and begins waiting attempts, now.' },
  cancel: {
    label: 'Cancel',
    explanation: 'Compensates what it has done, as long as its pivot has not begun.',
    color: 'orange',
  },
  resolve: {
    label: 'Resolve',
    explanation: 'Records the outcome of a command whose reply is not known. You looked it up.',
  },
  skip: {
    label: 'Skip',
    explanation: 'The step is not compensated: its effect stays. Somebody has to see to it.',
    color: 'orange',
  },
};

const OF_SAGA = ['resume', 'retry', 'pause', 'cancel'] as const;
const OF_STEP = ['resolve', 'skip'] as const;

/** What an operator can do to the saga. What is not possible now can be asked for too: the API says why not. */
export function SagaActions({ saga }: { readonly saga: SagaDetail }) {
  return (
    <Buttons
      saga={saga}
      offered={OF_SAGA.map((name) => ({ name, isPossible: saga.availableActions.includes(name) }))}
    />
  );
}

/** What an operator can do to one step. */
export function StepActions({ saga, step }: { readonly saga: SagaDetail; readonly step: SagaDetail['steps'][number] }) {
  const offered = OF_STEP.filter((name) => step.availableActions.includes(name)).map((name) => ({
    name,
    isPossible: true,
  }));
  return <Buttons saga={saga} step={step.name} offered={offered} />;
}

interface ButtonsProps {
  readonly saga: SagaDetail;
  readonly step?: string;
  readonly offered: readonly { readonly name: ActionName; readonly isPossible: boolean }[];
}

function Buttons({ saga, step, offered }: ButtonsProps) {
  const [opened, setOpened] = useState<ActionName>();
  return (
    <Group gap="xs">
      {offered.map(({ name, isPossible }) => (
        <ActButton
          key={name}
          size="xs"
          variant={isPossible ? 'light' : 'subtle'}
          color={isPossible ? ACTIONS[name].color : 'gray'}
          // The colour itself has too little contrast on its own shade.
          c={isPossible ? 'var(--mantine-color-text)' : undefined}
          hint={isPossible ? undefined : 'Not possible now; press to see why'}
          onClick={() => setOpened(name)}
        >
          {ACTIONS[name].label}
        </ActButton>
      ))}
      {opened && <ActionOnSaga saga={saga} step={step} name={opened} onClose={() => setOpened(undefined)} />}
    </Group>
  );
}

interface ActionOnSagaProps {
  readonly saga: SagaDetail;
  readonly step: string | undefined;
  readonly name: ActionName;
  readonly onClose: () => void;
}

function ActionOnSaga({ saga, step, name, onClose }: ActionOnSagaProps) {
  const queries = useQueryClient();
  // The revision that the operator saw when the dialog was opened, whatever arrives meanwhile.
  const [revision, setRevision] = useState(saga.revision);
  const [more, setMore] = useState<Partial<ActionRequest>>({});
  const { label, explanation, color } = ACTIONS[name];
  const lookAgain = (): void => {
    void queries.invalidateQueries({ queryKey: sagaKey(saga.id) }).then(() => {
      const now = queries.getQueryData<SagaDetail>([...sagaKey(saga.id), 'detail']);
      if (now) setRevision(now.revision);
    });
  };
  const request = { ...more, step };
  return (
    <ActionDialog
      opened
      onClose={onClose}
      title={step === undefined ? `${label} ${saga.definition} ${saga.subject ?? saga.id}` : `${label} ${step}`}
      confirm={label}
      color={color}
      explanation={explanation}
      preview={{
        key: [saga.id, name, revision, request],
        read: async (signed) =>
          previewOfAction(await act(saga.id, name, { ...request, ...signed, revision, dryRun: true })),
      }}
      send={(signed) => act(saga.id, name, { ...request, ...signed, revision })}
      onDone={() => void queries.invalidateQueries({ queryKey: sagaKey(saga.id) })}
      onLookAgain={lookAgain}
    >
      {(problemAt) => <Further name={name} more={more} onChange={setMore} problemAt={problemAt} />}
    </ActionDialog>
  );
}

interface FurtherProps {
  readonly name: ActionName;
  readonly more: Partial<ActionRequest>;
  readonly onChange: (more: Partial<ActionRequest>) => void;
  readonly problemAt: ProblemAt;
}

/** What an action needs beyond the reason. */
function Further({ name, more, onChange, problemAt }: FurtherProps) {
  if (name === 'resume')
    return (
      <NumberInput
        label="Most tries before it pauses again"
        description="Without a number, the definition decides"
        min={1}
        error={problemAt('attempts')}
        value={more.attempts ?? ''}
        onChange={(value) => onChange({ ...more, attempts: typeof value === 'number' ? value : undefined })}
      />
    );
  return name === 'resolve' ? <Outcome more={more} onChange={onChange} problemAt={problemAt} /> : null;
}

function Outcome({ more, onChange, problemAt }: Omit<FurtherProps, 'name'>) {
  const [reply, setReply] = useState('');
  return (
    <Stack gap="xs">
      <SegmentedControl
        aria-label="Whether the command took effect"
        value={more.outcome ?? 'success'}
        onChange={(outcome) => onChange({ ...more, outcome })}
        data={[
          { value: 'success', label: 'It took effect' },
          { value: 'failure', label: 'It did not' },
        ]}
      />
      {more.outcome !== 'failure' && (
        <JsonInput
          label="Its reply"
          description="As JSON, where the contract of the command has a reply"
          autosize
          minRows={2}
          value={reply}
          error={problemAt('reply')}
          validationError="This is not JSON"
          onChange={(text) => {
            setReply(text);
            onChange({ ...more, reply: parsed(text) });
          }}
        />
      )}
    </Stack>
  );
}

/** Undefined while it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
