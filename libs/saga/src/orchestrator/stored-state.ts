/*
 * Reads and writes the text of a saga's state. Release 0.2 renamed three statuses of steps. It reads both names and writes the
 * former ones, because instances of the former release read the same rows during a deployment. They would treat a step with
 * an unknown status as settled and end its saga before the compensation has run. Release 0.3 may write the current names
 * (decision 0049).
 */
import type { SagaState, StepState, StepStatus } from '../engine';

const FORMER_NAMES: Partial<Record<string, string>> = {
  COMPENSATING: 'UNDOING',
  COMPENSATED: 'UNDONE',
  COMPENSATION_SKIPPED: 'LEFT',
} satisfies Partial<Record<StepStatus, string>>;

const CURRENT_NAMES: Partial<Record<string, string>> = Object.fromEntries(
  Object.entries(FORMER_NAMES).map(([current, former]) => [former, current]),
);

/** Serializes the state for the table. */
export function stringifyState(state: SagaState): string {
  return JSON.stringify(renameStatuses(state, FORMER_NAMES));
}

/** Reads a state from the table, whichever release wrote it. */
export function parseState(text: string): SagaState {
  return renameStatuses(JSON.parse(text) as SagaState, CURRENT_NAMES);
}

function renameStatuses(state: SagaState, names: Partial<Record<string, string>>): SagaState {
  if (Object.values(state.steps).every(({ status }) => names[status] === undefined)) return state;
  const steps = Object.entries(state.steps).map(([name, step]): [string, StepState] => [
    name,
    { ...step, status: (names[step.status] ?? step.status) as StepStatus },
  ]);
  return { ...state, steps: Object.fromEntries(steps) };
}
