import { branchesOf, type SagaDefinition, type StepDefinition } from '../definition';
import { statusOfStep, type HistoryEntry, type SagaEvent, type SagaState, type StepState } from '../engine';
import { childSagaId } from '../orchestrator/child-message';
import type { AvailableActions } from './available-actions';
import { flowchartOf } from './flowchart';
import type { StoredHistory } from './saga-reader';
import type { HistoryView, SagaDetail, SagaSummary, StepView } from './saga.view';

/** Times as RFC 3339. */
function time(ms: number): string;
function time(ms: number | undefined): string | undefined;
function time(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

export function summaryOf(state: SagaState, revision: number): SagaSummary {
  const { id, definition, version, status, subject, parent, cause, pause } = state;
  return {
    id,
    definition,
    version,
    status,
    subject,
    revision,
    startedAt: time(state.startedAt),
    endedAt: time(state.endedAt),
    parent: parent && { saga: parent.sagaId, step: parent.step },
    wakeAt: time(state.wakeAt),
    cause: cause && { kind: cause.kind, step: cause.step, reason: cause.reason, detail: cause.detail },
    pause: pause && { reason: pause.reason, detail: pause.detail, step: pause.step, since: time(pause.at) },
  };
}

export function detailOf(
  { state, revision, history }: StoredHistory,
  definition: SagaDefinition | undefined,
  available: AvailableActions,
): Omit<SagaDetail, 'deadLetters'> {
  return {
    ...summaryOf(state, revision),
    input: state.input,
    availableActions: available.ofSaga(),
    steps: definition ? stepsOf(state, definition, available) : [],
    mermaid: definition && flowchartOf(definition, state),
    history: history.map(entryOf),
  };
}

function stepsOf(state: SagaState, { stages }: SagaDefinition, available: AvailableActions): StepView[] {
  return stages.flatMap(({ steps }, stage) =>
    steps
      .flatMap((step) => running(step, state))
      .map((step) => ({
        ...stepViewOf(step, stage, state.steps[step.name] ?? { status: statusOfStep(state, step.name) }),
        availableActions: available.ofStep(step.name),
      })),
  );
}

/** A forEach runs as one step for each item; before it has looked for its items, it shows as one. */
function running(step: StepDefinition, { groups }: SagaState): readonly StepDefinition[] {
  const items = groups?.[step.name];
  return step.forEach && items !== undefined ? branchesOf(step, items) : [step];
}

function stepViewOf(
  { name, kind, action, compensation, wait, child }: StepDefinition,
  stage: number,
  step: StepState,
): Omit<StepView, 'availableActions'> {
  const { status, exchange, awaitsUntil, actionId, reply, objection } = step;
  return {
    name,
    kind,
    stage,
    status,
    command: action?.command.name,
    compensation: compensation?.command.name,
    signal: wait?.signal.name,
    child: child && actionId && childSagaId(actionId),
    waitsFor: awaitsUntil === undefined ? exchange?.waitsFor : 'signal',
    attempt: exchange?.attempt,
    sends: exchange?.sends,
    commandId: exchange?.commandId ?? actionId,
    wakeAt: time(awaitsUntil ?? exchange?.wakeAt),
    reply,
    objection,
  };
}

function entryOf({ seq, at, event, sent, ignored }: HistoryEntry): HistoryView {
  return { seq, at: time(at), event: withoutSecret(event), sent, ignored };
}

/** Who may look at a saga may not foretell the ids of its commands. */
function withoutSecret(event: SagaEvent): SagaEvent {
  return event.kind === 'started' ? { ...event, secret: undefined } : event;
}
