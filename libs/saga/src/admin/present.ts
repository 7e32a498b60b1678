import type { SagaDefinition, StepDefinition } from '../definition';
import type { HistoryEntry, SagaState } from '../engine';
import type { Action } from './available-actions';
import type { StoredHistory } from './saga-reader';
import type { DefinitionView, HistoryView, SagaDetail, SagaSummary, StepDefinitionView, StepView } from './saga.view';

/** Times as RFC 3339. */
function time(ms: number): string;
function time(ms: number | undefined): string | undefined;
function time(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

export function summaryOf(state: SagaState, revision: number): SagaSummary {
  const { id, definition, version, status, subject, cause, pause } = state;
  return {
    id,
    definition,
    version,
    status,
    subject,
    revision,
    startedAt: time(state.startedAt),
    endedAt: time(state.endedAt),
    wakeAt: time(state.wakeAt),
    cause: cause && { kind: cause.kind, step: cause.step, reason: cause.reason, detail: cause.detail },
    pause: pause && { reason: pause.reason, detail: pause.detail, step: pause.step, since: time(pause.at) },
  };
}

export function detailOf(
  { state, revision, history }: StoredHistory,
  definition: SagaDefinition | undefined,
  available: Action[],
): Omit<SagaDetail, 'deadLetters'> {
  return {
    ...summaryOf(state, revision),
    input: state.input,
    availableActions: available,
    steps: definition ? stepsOf(state, definition) : [],
    history: history.map(entryOf),
  };
}

export function definitionView({ name, version, deadlineMs, stages }: SagaDefinition): DefinitionView {
  return {
    name,
    version,
    deadlineMs,
    stages: stages.map(({ steps }) => ({ steps: steps.map(stepDefinitionView) })),
  };
}

function stepDefinitionView({ name, kind, action, compensation }: StepDefinition): StepDefinitionView {
  return {
    name,
    kind,
    command: action?.command.name,
    compensation: compensation?.command.name,
    timeoutMs: (action ?? compensation)?.timeoutMs,
    attempts: action?.attempts,
  };
}

function stepsOf(state: SagaState, { stages }: SagaDefinition): StepView[] {
  return stages.flatMap(({ steps }, stage) =>
    steps.map(({ name, kind, action, compensation }) => {
      const step = state.steps[name];
      return {
        name,
        kind,
        stage,
        status: step?.status ?? 'PENDING',
        command: action?.command.name,
        compensation: compensation?.command.name,
        waitsFor: step?.exchange?.waitsFor,
        attempt: step?.exchange?.attempt,
        sends: step?.exchange?.sends,
        commandId: step?.exchange?.commandId ?? step?.actionId,
        wakeAt: time(step?.exchange?.wakeAt),
        reply: step?.reply,
        objection: step?.objection,
      };
    }),
  );
}

function entryOf({ seq, at, event, sent, ignored }: HistoryEntry): HistoryView {
  return { seq, at: time(at), event, sent, ignored };
}
