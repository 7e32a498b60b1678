import type { StepDefinition } from '../definition';
import { change, changeStep, currentStage, giveUp, isDoomed, mustSucceed, stepState, type Draft } from './draft';
import { attempt } from './send';
import type { StepState } from './state';

/** Moves the saga as far as it can go without waiting: forward through its stages or, compensating, back through them. */
export function advance(draft: Draft): void {
  while (draft.state.status === 'RUNNING' || draft.state.status === 'COMPENSATING') {
    const moved = draft.state.status === 'RUNNING' ? advanceStage(draft) : undoStage(draft);
    if (!moved) return;
  }
}

function advanceStage(draft: Draft): boolean {
  const stage = currentStage(draft);
  if (stage === undefined) return end(draft, 'COMPLETED');
  for (const step of stage.steps) begin(draft, step);
  // Settle the whole stage before undoing it: a branch still in flight may yet succeed, and nobody would take it back.
  if (draft.state.status !== 'RUNNING' || !stage.steps.every((step) => isSettled(stepState(draft, step)))) return false;
  if (isDoomed(draft)) turnBack(draft);
  else change(draft, { stage: draft.state.stage + 1 });
  return true;
}

function begin(draft: Draft, step: StepDefinition): void {
  const { status, exchange } = stepState(draft, step);
  if (status === 'PENDING') {
    if (isDoomed(draft)) changeStep(draft, step, { status: 'SKIPPED' });
    else attempt(draft, step, 'action', 1);
  } else if (exchange?.waitsFor === 'next-attempt' && !mustSucceed(step, exchange.direction) && isDoomed(draft)) {
    // It failed for certain, and the stage will be undone: no attempt is owed.
    giveUp(draft, step, 'FAILED');
  }
}

function turnBack(draft: Draft): void {
  const { definition, state } = draft;
  for (const { steps } of definition.stages.slice(state.stage + 1)) {
    for (const step of steps) changeStep(draft, step, { status: 'SKIPPED' });
  }
  change(draft, { status: 'COMPENSATING' });
}

function undoStage(draft: Draft): boolean {
  const stage = currentStage(draft);
  if (stage === undefined) return end(draft, 'COMPENSATED');
  for (const step of stage.steps) {
    const { status } = stepState(draft, step);
    if (step.compensation && (status === 'DONE' || status === 'UNKNOWN')) attempt(draft, step, 'compensation', 1);
  }
  const undone = stage.steps.every((step) => !step.compensation || isUndone(stepState(draft, step)));
  if (draft.state.status !== 'COMPENSATING' || !undone) return false;
  change(draft, { stage: draft.state.stage - 1 });
  return true;
}

function isSettled({ status }: StepState): boolean {
  return status !== 'PENDING' && status !== 'INVOKED';
}

function isUndone({ status }: StepState): boolean {
  return status === 'UNDONE' || status === 'REFUSED' || status === 'FAILED' || status === 'SKIPPED';
}

function end(draft: Draft, status: 'COMPLETED' | 'COMPENSATED'): boolean {
  change(draft, { status, endedAt: draft.now });
  return false;
}
