import { Group, NumberInput, Select, Stack, Switch, TextInput, SimpleGrid } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { admin, dataOf, type Admin } from '../api/client';
import { ActionDialog, type ProblemAt, type Signed } from './action-dialog';
import { previewOfBulk } from './dry-run';
import { operatorHeader } from './operator';
import { counted } from './texts';

export type BulkAction = Admin['BulkActionRequest']['action'];

/** What a bulk action is to act on: those that match filters, or some by their ids. */
export type BulkTarget =
  { readonly where: NonNullable<Admin['BulkActionRequest']['where']> } | { readonly ids: readonly string[] };

/** What each action does, in a sentence. */
const EXPLANATIONS: Readonly<Record<BulkAction, string>> = {
  resume: 'Paused sagas go on: the step that stands is attempted again.',
  retry: 'What waits for its next attempt, or for an answer, is attempted now.',
  pause: 'They stop after what is under way now, until somebody resumes them.',
  cancel: 'They turn back: what is done is compensated.',
  resolve: 'Says what became of a command that is not answered.',
  skip: 'Leaves an effect instead of compensating it.',
  redrive: 'The messages are sent again, with the same ids, so each has at most one effect.',
  discard: 'The messages are given up. Nothing is sent.',
};

export const wordOf = (action: BulkAction): string => action[0]?.toUpperCase() + action.slice(1);

/** One action on many sagas or dead letters: with a preview, canaries, a rate, and a page for its progress. */
export function BulkDialog({
  action,
  target,
  noun = 'saga',
  onClose,
}: {
  /** The dialog is open while there is one. */
  readonly action: BulkAction | undefined;
  readonly target: BulkTarget;
  readonly noun?: 'saga' | 'dead letter';
  readonly onClose: () => void;
}) {
  if (action === undefined) return null;
  return <OpenDialog key={action} action={action} target={target} noun={noun} onClose={onClose} />;
}

interface Choice {
  readonly canary: number | string;
  readonly ratePerSecond: number | string;
  readonly stopOnFailure: boolean;
  readonly attempts: number | string;
  readonly step: string;
  readonly outcome: 'success' | 'failure';
}

const USUAL: Choice = {
  canary: '',
  ratePerSecond: 20,
  stopOnFailure: true,
  attempts: '',
  step: '',
  outcome: 'success',
};

interface OpenProps {
  readonly action: BulkAction;
  readonly target: BulkTarget;
  readonly noun: 'saga' | 'dead letter';
  readonly onClose: () => void;
}

function OpenDialog({ action, target, noun, onClose }: OpenProps) {
  const navigate = useNavigate();
  const [choice, setChoice] = useState(USUAL);
  const namesStep = action === 'resolve' || action === 'skip';
  const request = (signed: Signed, dryRun: boolean, expect?: number): Admin['BulkActionRequest'] => ({
    ...('ids' in target ? { ids: [...target.ids] } : { where: target.where }),
    action,
    reason: signed.reason,
    dryRun,
    expect,
    canary: numberOf(choice.canary),
    ratePerSecond: numberOf(choice.ratePerSecond) ?? 20,
    stopOnFailure: choice.stopOnFailure,
    attempts: action === 'resume' ? numberOf(choice.attempts) : undefined,
    step: namesStep ? choice.step : undefined,
    outcome: action === 'resolve' ? choice.outcome : undefined,
  });
  const post = (signed: Signed, dryRun: boolean, expect?: number) =>
    dataOf(
      admin.POST('/v1/bulk-actions', {
        params: { header: operatorHeader(signed.operator) },
        body: request(signed, dryRun, expect),
      }),
    );
  const ready = !namesStep || choice.step.trim() !== '';
  return (
    <ActionDialog
      opened
      onClose={onClose}
      title={`${wordOf(action)} ${'ids' in target ? counted(target.ids.length, noun) : `all ${noun}s that match`}`}
      confirm={wordOf(action)}
      color={action === 'cancel' || action === 'skip' || action === 'discard' ? 'red' : undefined}
      explanation={EXPLANATIONS[action]}
      ready={ready}
      preview={
        ready
          ? {
              key: [action, target, choice.attempts, choice.step, choice.outcome],
              read: async (signed) => previewOfBulk((await post(signed, true)) as Admin['DryRunView'], noun),
            }
          : undefined
      }
      send={async (signed, preview) =>
        (await post(signed, false, 'where' in target ? preview?.matched : undefined)) as Admin['BulkActionView']
      }
      onDone={({ id }) => void navigate({ to: '/bulk-actions/$id', params: { id } })}
    >
      {(problemAt) => (
        <Fields action={action} choice={choice} choose={setChoice} problemAt={problemAt} namesStep={namesStep} />
      )}
    </ActionDialog>
  );
}

function Fields({
  action,
  choice,
  choose,
  problemAt,
  namesStep,
}: {
  readonly action: BulkAction;
  readonly choice: Choice;
  readonly choose: (choice: Choice) => void;
  readonly problemAt: ProblemAt;
  readonly namesStep: boolean;
}) {
  return (
    <Stack gap="sm">
      {namesStep && (
        <Group grow align="start">
          <TextInput
            label="Step"
            required
            value={choice.step}
            error={problemAt('step')}
            onChange={({ currentTarget }) => choose({ ...choice, step: currentTarget.value })}
          />
          {action === 'resolve' && (
            <Select
              label="It took effect"
              data={[
                { value: 'success', label: 'Yes' },
                { value: 'failure', label: 'No' },
              ]}
              allowDeselect={false}
              value={choice.outcome}
              onChange={(value) => choose({ ...choice, outcome: value === 'failure' ? 'failure' : 'success' })}
            />
          )}
        </Group>
      )}
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
        <NumberInput
          label="First only"
          description="Goes on when these end well"
          placeholder="no canary"
          min={1}
          value={choice.canary}
          error={problemAt('canary')}
          onChange={(canary) => choose({ ...choice, canary })}
        />
        <NumberInput
          label="Per second"
          description="At most"
          min={1}
          max={200}
          value={choice.ratePerSecond}
          error={problemAt('ratePerSecond')}
          onChange={(ratePerSecond) => choose({ ...choice, ratePerSecond })}
        />
        {action === 'resume' && (
          <NumberInput
            label="Tries"
            description="Then it pauses again"
            placeholder="as defined"
            min={1}
            max={1_000}
            value={choice.attempts}
            error={problemAt('attempts')}
            onChange={(attempts) => choose({ ...choice, attempts })}
          />
        )}
      </SimpleGrid>
      <Switch
        label="Pause when one fails or comes to another end"
        checked={choice.stopOnFailure}
        onChange={({ currentTarget }) => choose({ ...choice, stopOnFailure: currentTarget.checked })}
      />
    </Stack>
  );
}

const numberOf = (value: number | string): number | undefined => (typeof value === 'number' ? value : undefined);
