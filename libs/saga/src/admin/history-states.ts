import type { SagaDefinition } from '../definition';
import { statusOfStep, transition, type HistoryEntry, type SagaState, type StepState } from '../engine';
import type { AfterView, StepChangeView } from './saga.view';
import { time } from './time';

/**
 * Folds a history, and returns what the saga was after each entry: its status, and the steps that the entry changed.
 * Undefined when the definition does not lead to the stored state, because it was changed without a new version.
 */
export function statesAfter(
  definition: SagaDefinition,
  history: readonly HistoryEntry[],
  stored: SagaState,
): readonly AfterView[] | undefined {
  let state: SagaState | undefined;
  const found: AfterView[] = [];
  try {
    for (const { event, at } of history) {
      const before = state;
      state = transition(definition, before, event, at).state;
      found.push(afterOf(before, state));
    }
  } catch {
    // The definition is not sound for this history, whatever it throws.
    return undefined;
  }
  return state && isAlike(state, stored) ? found : undefined;
}

function afterOf(before: SagaState | undefined, after: SagaState): AfterView {
  const { status, pause, cause } = after;
  return {
    status,
    pause: before?.pause === pause ? undefined : pause?.reason,
    cause: before?.cause === cause ? undefined : cause?.kind,
    steps: Object.entries(after.steps).flatMap(([name, step]) => {
      const was = before?.steps[name];
      return was === step || isShownAlike(was, step) ? [] : stepChangeOf(name, step);
    }),
  };
}

function stepChangeOf(name: string, step: StepState): StepChangeView {
  const { status, exchange, held, awaitsUntil } = step;
  return {
    name,
    status,
    attempt: exchange?.attempt,
    waitsFor: waitsFor(step),
    wakeAt: time(held?.checkAt ?? awaitsUntil ?? exchange?.wakeAt),
  };
}

function waitsFor({ exchange, held, awaitsUntil }: StepState): StepChangeView['waitsFor'] {
  if (held) return 'hold';
  return awaitsUntil === undefined ? exchange?.waitsFor : 'signal';
}

function isShownAlike(was: StepState | undefined, is: StepState): boolean {
  if (was === undefined) return false;
  const [before, after] = [stepChangeOf('', was), stepChangeOf('', is)];
  return (['status', 'attempt', 'waitsFor', 'wakeAt'] as const).every((field) => before[field] === after[field]);
}

function isAlike(folded: SagaState, stored: SagaState): boolean {
  const names = new Set([...Object.keys(folded.steps), ...Object.keys(stored.steps)]);
  return (
    folded.status === stored.status &&
    [...names].every((name) => statusOfStep(folded, name) === statusOfStep(stored, name))
  );
}
