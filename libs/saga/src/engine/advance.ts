import { branchesOf, MAX_ITEMS, type StageDefinition, type StepDefinition } from '../definition';
import {
  change,
  changeStep,
  currentStage,
  type Draft,
  evaluate,
  giveUp,
  willCompensate,
  mustSucceed,
  pause,
  scopeOf,
  stepsIn,
  stepState,
} from './draft';
import { attempt, isReleased } from './send';
import type { StepState, StepStatus } from './state';
import { beginToWait, takeSignal } from './wait';

/**
 * Moves the saga as far as it can go without waiting: forward through its stages or, when compensating, back through
 * them.
 */
export function advance(draft: Draft): void {
  while (draft.state.status === 'RUNNING' || draft.state.status === 'COMPENSATING') {
    const moved = draft.state.status === 'RUNNING' ? advanceStage(draft) : compensateStage(draft);
    if (!moved) return;
  }
}

function advanceStage(draft: Draft): boolean {
  const stage = currentStage(draft);
  if (stage === undefined) return end(draft, 'COMPLETED');
  createBranches(draft, stage);
  for (const step of withinConcurrency(draft, stage, ['PENDING'], 'INVOKED')) begin(draft, step);
  // Settle the whole stage before compensating it: a branch in flight may still succeed, and would not be compensated.
  const settled = stepsIn(draft, stage).every((step) => isSettled(stepState(draft, step)));
  if (draft.state.status !== 'RUNNING' || !settled) return false;
  if (willCompensate(draft)) beginCompensation(draft);
  else change(draft, { stage: draft.state.stage + 1 });
  return true;
}

/** Creates the branches of each forEach of the stage, once. */
function createBranches(draft: Draft, { steps }: StageDefinition): void {
  for (const step of steps) {
    const { forEach, name } = step;
    if (forEach === undefined || draft.state.groups?.[name] !== undefined || willCompensate(draft)) continue;
    const evaluated = evaluate(draft, step, { what: `The items of ${name}` }, () =>
      (forEach.items as (scope: unknown) => readonly unknown[])(scopeOf(draft, step)),
    );
    if (evaluated === undefined) return;
    const items = Array.isArray(evaluated.value) ? evaluated.value.length : Number.NaN;
    if (!(items <= MAX_ITEMS)) {
      const found = Number.isNaN(items) ? 'are no array' : `are ${items}, and at most ${MAX_ITEMS} are allowed`;
      return pause(draft, 'invalid-definition', `The items of ${name} ${found}.`, step);
    }
    change(draft, { groups: { ...draft.state.groups, [name]: items } });
    const begun = branchesOf(step, items).map((branch) => [branch.name, { status: 'PENDING' }] as const);
    change(draft, { steps: { ...draft.state.steps, ...Object.fromEntries(begun) } });
  }
}

/** The steps of a stage, without those of `waiting` that exceed a forEach's concurrency when `underWay` are running. */
function* withinConcurrency(
  draft: Draft,
  { steps }: StageDefinition,
  waiting: readonly StepStatus[],
  underWay: StepStatus,
): Generator<StepDefinition> {
  for (const step of steps) {
    if (step.forEach === undefined) {
      yield step;
      continue;
    }
    const branches = branchesOf(step, draft.state.groups?.[step.name] ?? 0);
    let room = step.forEach.concurrency;
    for (const branch of branches) if (stepState(draft, branch).status === underWay) room -= 1;
    for (const branch of branches) {
      const { status } = stepState(draft, branch);
      if (waiting.includes(status) && room <= 0 && !isIdle(draft)) continue;
      yield branch;
      if (status !== underWay && stepState(draft, branch).status === underWay) room -= 1;
    }
  }
}

/** True when steps that have not begun will be skipped, which needs no room within the concurrency. */
function isIdle(draft: Draft): boolean {
  return draft.state.status === 'RUNNING' && willCompensate(draft);
}

function begin(draft: Draft, step: StepDefinition): void {
  const { status, exchange, awaitsUntil, held } = stepState(draft, step);
  if (status === 'PENDING') {
    if (willCompensate(draft)) changeStep(draft, step, { status: 'SKIPPED', held: undefined });
    else if (held === undefined || isReleased(draft, step)) beginUnlessSkipped(draft, step);
  } else if (awaitsUntil !== undefined) {
    takeSignal(draft, step);
  } else if (exchange && willCompensate(draft) && !mustSucceed(step, exchange.direction)) {
    // It has failed for certain, and its stage will be compensated, so it is not attempted again.
    if (exchange.waitsFor === 'next-attempt') giveUp(draft, step, 'FAILED');
    // A child may take days, and a hold hours. Both can be compensated in any state, so they are not waited for.
    else if (step.child || (held && step.kind === 'compensatable')) giveUp(draft, step, 'UNKNOWN');
  }
}

function beginUnlessSkipped(draft: Draft, step: StepDefinition): void {
  const { when } = step;
  const evaluated = evaluate(draft, step, { what: `The condition of ${step.name}` }, () =>
    when === undefined ? true : (when as (scope: unknown) => boolean)(scopeOf(draft, step)),
  );
  if (evaluated === undefined) return;
  if (!evaluated.value) changeStep(draft, step, { status: 'SKIPPED', held: undefined });
  else if (step.wait) beginToWait(draft, step);
  else attempt(draft, step, 'action', 1);
}

function beginCompensation(draft: Draft): void {
  const { definition, state } = draft;
  for (const stage of definition.stages.slice(state.stage + 1)) {
    for (const step of stepsIn(draft, stage)) changeStep(draft, step, { status: 'SKIPPED' });
  }
  change(draft, { status: 'COMPENSATING' });
}

function compensateStage(draft: Draft): boolean {
  const stage = currentStage(draft);
  if (stage === undefined) return end(draft, 'COMPENSATED');
  for (const step of withinConcurrency(draft, stage, ['DONE', 'UNKNOWN'], 'COMPENSATING')) {
    const { status, held } = stepState(draft, step);
    if (held && !isReleased(draft, step)) continue;
    if (step.compensation && (status === 'DONE' || status === 'UNKNOWN')) attempt(draft, step, 'compensation', 1);
  }
  const settled = stepsIn(draft, stage).every(
    (step) => !step.compensation || isSettledBackward(stepState(draft, step)),
  );
  if (draft.state.status !== 'COMPENSATING' || !settled) return false;
  change(draft, { stage: draft.state.stage - 1 });
  return true;
}

function isSettled({ status }: StepState): boolean {
  return status !== 'PENDING' && status !== 'INVOKED';
}

function isSettledBackward({ status }: StepState): boolean {
  return status !== 'DONE' && status !== 'UNKNOWN' && status !== 'COMPENSATING';
}

function end(draft: Draft, status: 'COMPLETED' | 'COMPENSATED'): boolean {
  change(draft, { status, endedAt: draft.now });
  return false;
}
