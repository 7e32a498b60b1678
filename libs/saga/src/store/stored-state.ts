/*
 * Reads and writes the texts of a saga's state and of the events in its history.
 *
 * Release 0.2 renamed three statuses of steps. It reads both names and writes the former ones, because instances of the
 * former release read the same rows during a deployment. They would treat a step with an unknown status as settled and end
 * its saga before the compensation has run. Release 0.3 may write the current names (decision 0049).
 *
 * The texts have what a saga's messages carry, and notes, in the form of release 0.1 (decision 0051).
 */
import { carriedBy } from '../contract';
import type { SagaEvent, SagaState, StepState, StepStatus } from '../engine';

const FORMER_NAMES: Partial<Record<string, string>> = {
  COMPENSATING: 'UNDOING',
  COMPENSATED: 'UNDONE',
  COMPENSATION_SKIPPED: 'LEFT',
} satisfies Partial<Record<StepStatus, string>>;

const CURRENT_NAMES: Partial<Record<string, string>> = Object.fromEntries(
  Object.entries(FORMER_NAMES).map(([current, former]) => [former, current]),
);

/** The kinds of notes, by which they are told from the engine's own events. A hook that reports another kind adds it here. */
export const NOTE_KINDS: ReadonlySet<string> = new Set(['fault-struck']);

/** What the messages carry along, as it is stored. */
interface StoredCarried {
  readonly traceparent?: string | undefined;
  readonly fault?: string | undefined;
}

/** The state for the table. */
export function stringifyState(state: SagaState): string {
  return JSON.stringify(withStoredCarried(renameStatuses(state, FORMER_NAMES)));
}

/** Reads a state of the table, whichever release wrote it. */
export function parseState(text: string): SagaState {
  return renameStatuses(withCarried(JSON.parse(text) as SagaState), CURRENT_NAMES);
}

/** An event of the history for the table. */
export function stringifySagaEvent(event: SagaEvent): string {
  return JSON.stringify(storedEvent(event));
}

/** Reads an event of the history. */
export function parseSagaEvent(text: string): SagaEvent {
  const stored = JSON.parse(text) as SagaEvent;
  if (!NOTE_KINDS.has(stored.kind)) return withCarried(stored);
  const { held, ...note } = stored;
  return { kind: 'noted', note: note as Record<string, string>, ...(held && { held }) };
}

/** An event in the form in which it is stored and shown: a note is not told from other events. */
export function storedEvent(event: SagaEvent): object {
  if (event.kind !== 'noted') return withStoredCarried(event);
  const { kind: _kind, note, ...rest } = event;
  return { ...note, ...rest };
}

function withStoredCarried(value: SagaState | SagaEvent): object {
  if (!('carried' in value) || value.carried === undefined) return value;
  const { carried, ...rest } = value;
  return { ...rest, traceparent: carried.traceparent, fault: carried.sagafault };
}

function withCarried<T extends object>(stored: T & StoredCarried): T {
  if (stored.traceparent === undefined && stored.fault === undefined) return stored;
  const { traceparent, fault: sagafault, ...rest } = stored;
  return { ...rest, carried: carriedBy({ traceparent, sagafault }) } as unknown as T;
}

function renameStatuses(state: SagaState, names: Partial<Record<string, string>>): SagaState {
  if (Object.values(state.steps).every(({ status }) => names[status] === undefined)) return state;
  const steps = Object.entries(state.steps).map(([name, step]): [string, StepState] => [
    name,
    { ...step, status: (names[step.status] ?? step.status) as StepStatus },
  ]);
  return { ...state, steps: Object.fromEntries(steps) };
}
