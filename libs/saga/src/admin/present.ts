import type { SagaDefinition, StepDefinition } from '../definition';
import {
  isHeldSaga,
  statusOfStep,
  type Held,
  type HistoryEntry,
  type SagaEvent,
  type SagaState,
  type StepState,
} from '../engine';
import { childSagaId, type Preview } from '../runner';
import type { Hold, Holds } from '../holds';
import type { AvailableActions } from './available-actions';
import { flowchartOf } from './flowchart';
import { statesAfter } from './history-states';
import { runningSteps } from './running-steps';
import type { StoredHistory } from './saga-reader';
import type {
  ActionPreviewView,
  AfterView,
  HeldView,
  HistoryView,
  PauseView,
  SagaDetail,
  SagaSummary,
  StepView,
} from './saga.view';
import { time } from './time';
import { storedEvent } from '../store';

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
    pause: pauseViewOf(pause),
    held: isHeldSaga(state),
  };
}

/** What an action would do to a saga. */
export function actionPreviewOf({ saga, update, entry }: Preview): ActionPreviewView {
  const { state, revision } = saga;
  const { status: statusAfter, pause } = update.state;
  const commands = entry.sent;
  return { id: state.id, revision, status: state.status, statusAfter, pauseAfter: pauseViewOf(pause), commands };
}

function pauseViewOf(pause: SagaState['pause']): PauseView | undefined {
  return pause && { reason: pause.reason, detail: pause.detail, step: pause.step, since: time(pause.at) };
}

export function detailOf(
  { state, revision, history }: StoredHistory,
  definition: SagaDefinition | undefined,
  available: AvailableActions,
  holds: Pick<Holds, 'holdOn'>,
): Omit<SagaDetail, 'deadLetters'> {
  return {
    ...summaryOf(state, revision),
    input: state.input,
    availableActions: available.ofSaga(),
    steps: definition ? stepsOf(state, definition, available, holds) : [],
    mermaid: definition && flowchartOf(definition, state),
    history: historyOf(history, definition && statesAfter(definition, history, state)),
  };
}

function stepsOf(
  state: SagaState,
  definition: SagaDefinition,
  available: AvailableActions,
  holds: Pick<Holds, 'holdOn'>,
): StepView[] {
  return definition.stages.flatMap(({ steps }, stage) =>
    steps
      .flatMap((step) => runningSteps(step, state))
      .map((step) => {
        const at = state.steps[step.name] ?? { status: statusOfStep(state, step.name) };
        const held = at.held && heldViewOf(at.held, holds.holdOn(definition, step, at));
        return {
          ...stepViewOf(step, stage, at, state.status === 'PAUSED'),
          held,
          availableActions: available.ofStep(step.name),
        };
      }),
  );
}

function heldViewOf({ since }: Held, hold: Hold | undefined): HeldView {
  const why = hold ? `${hold.reason} (${hold.by})` : 'its hold has ended, and its release is pending';
  return { since: time(since), why, hold: hold?.id };
}

function stepViewOf(
  { name, kind, action, compensation, wait, child }: StepDefinition,
  stage: number,
  step: StepState,
  isPaused: boolean,
): Omit<StepView, 'availableActions' | 'held'> {
  const { status, exchange, held, awaitsUntil, actionId, reply, objection } = step;
  return {
    name,
    kind,
    stage,
    status,
    command: action?.command.name,
    compensation: compensation?.command.name,
    signal: wait?.signal.name,
    child: child && actionId && childSagaId(actionId),
    waitsFor: waitsFor(step, isPaused),
    attempt: exchange?.attempt,
    sends: exchange?.sends,
    triesLeft: exchange?.triesLeft,
    commandId: exchange?.commandId ?? actionId,
    wakeAt: isPaused ? undefined : time(held?.checkAt ?? awaitsUntil ?? exchange?.wakeAt),
    reply,
    objection,
  };
}

/** Nothing is timed while the saga is paused: what would be tried again waits for an operator. */
function waitsFor({ exchange, held, awaitsUntil }: StepState, isPaused: boolean): string | undefined {
  if (held) return 'hold';
  if (awaitsUntil !== undefined) return 'signal';
  return isPaused && exchange?.waitsFor === 'next-attempt' ? 'operator' : exchange?.waitsFor;
}

function historyOf(history: readonly HistoryEntry[], states: readonly AfterView[] | undefined): HistoryView[] {
  return history.map((entry, n) => ({ ...entryOf(entry), after: states?.[n] }));
}

function entryOf({ seq, at, event, sent, ignored }: HistoryEntry): HistoryView {
  return { seq, at: time(at), event: eventViewOf(event), sent, ignored };
}

/** Removes the secret: a reader of a saga must not be able to predict the ids of its commands. */
function eventViewOf(event: SagaEvent): object {
  return storedEvent(event.kind === 'started' ? { ...event, secret: undefined } : event);
}
