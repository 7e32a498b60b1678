/* Waits send nothing: the step settles when its signal arrives or its time is over. */
import { problemOf } from '../contract';
import type { StepDefinition, Wait } from '../definition';
import { change, changeStep, type Draft, evaluate, giveUp, willCompensate, must, pause, scopeOf } from './draft';

/** Begins to wait; a signal that arrived earlier is used at once. */
export function beginToWait(draft: Draft, step: StepDefinition): void {
  changeStep(draft, step, { status: 'INVOKED', awaitsUntil: draft.now + waitOf(step).timeoutMs });
  takeSignal(draft, step);
}

/** Settles a wait whose signal has arrived, and one that is no longer needed. */
export function takeSignal(draft: Draft, step: StepDefinition): void {
  const { name } = waitOf(step).signal;
  const { [name]: payload, ...others } = draft.state.signals ?? {};
  if (payload !== undefined) {
    if (settle(draft, step, payload)) change(draft, { signals: others });
  } else if (willCompensate(draft)) changeStep(draft, step, { status: 'SKIPPED', awaitsUntil: undefined });
}

/** Handles a signal that did not arrive in time. */
export function handleSignalTimeout(draft: Draft, step: StepDefinition): void {
  const { signal, otherwise, timeoutMs } = waitOf(step);
  if (otherwise === undefined) {
    const detail = `${signal.name} did not come within ${timeoutMs} ms`;
    changeStep(draft, step, { objection: { reason: 'no-signal', detail } });
    if (!willCompensate(draft))
      change(draft, { cause: { kind: 'no-answer', step: step.name, reason: 'no-signal', detail } });
    return giveUp(draft, step, 'FAILED');
  }
  const evaluated = evaluate(draft, step, { what: `The default of ${step.name}` }, () =>
    (otherwise as (scope: unknown) => object)(scopeOf(draft, step)),
  );
  if (evaluated === undefined) return;
  const problem = problemOf(signal.payload, evaluated.value);
  if (problem) pause(draft, 'invalid-definition', `The default of ${step.name} is not valid: ${problem}.`, step);
  else settle(draft, step, evaluated.value);
}

function settle(draft: Draft, step: StepDefinition, signal: unknown): boolean {
  const { refusal } = waitOf(step);
  const evaluated = evaluate(draft, step, { what: `The refusal of ${step.name}` }, () =>
    (refusal as ((scope: unknown) => string | undefined) | undefined)?.({ ...scopeOf(draft, step), signal }),
  );
  if (evaluated === undefined) return false;
  changeStep(draft, step, { reply: signal, awaitsUntil: undefined });
  if (evaluated.value === undefined) changeStep(draft, step, { status: 'DONE' });
  else {
    changeStep(draft, step, { objection: { reason: evaluated.value } });
    giveUp(draft, step, 'REFUSED');
  }
  return true;
}

/** True when a wait of this saga may still use this signal. */
export function awaits(draft: Draft, signal: string): boolean {
  return draft.definition.stages
    .slice(Math.max(0, draft.state.stage))
    .some(({ steps }) => steps.some((step) => step.wait?.signal.name === signal && isOpen(draft, step)));
}

function isOpen({ state }: Draft, { name }: StepDefinition): boolean {
  const { status = 'PENDING' } = state.steps[name] ?? {};
  return status === 'PENDING' || status === 'INVOKED';
}

function waitOf(step: StepDefinition): Wait {
  return must(step.wait, `${step.name} is a wait`);
}
