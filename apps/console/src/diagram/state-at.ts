/* The state of a saga after any entry of its history: what the entries up to there made of it. */
import type { HistoryEntry, StepChange } from './history';

export interface StateAt {
  readonly status: string;
  /** Why it is paused. */
  readonly pause: string | undefined;
  /** Why it compensates. */
  readonly cause: string | undefined;
  /** Its steps, in the order of their appearance. */
  readonly steps: readonly StepChange[];
}

/** Returns the state after the entry with this number; undefined where the orchestrator did not say. */
export function stateAt(history: readonly HistoryEntry[], seq: number): StateAt | undefined {
  const steps = new Map<string, StepChange>();
  let state: StateAt | undefined;
  for (const entry of history) {
    if (entry.seq > seq) break;
    if (entry.after === undefined) return undefined;
    const { status, pause, cause } = entry.after;
    for (const step of entry.after.steps) steps.set(step.name, step);
    const isPaused = status === 'PAUSED';
    state = { status, pause: isPaused ? (pause ?? state?.pause) : undefined, cause: cause ?? state?.cause, steps: [] };
  }
  return state && { ...state, steps: [...steps.values()] };
}
