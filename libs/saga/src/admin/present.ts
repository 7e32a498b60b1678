import { stepNamed, type CommandSpec, type SagaDefinition, type StepDefinition } from '../definition';
import {
  hasEnded,
  isCompensatingOrCan,
  isHeldSaga,
  standingSteps,
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
import type { StoredHistory, StoredSummary } from './saga-reader';
import type {
  ActionPreviewView,
  AfterView,
  FailureView,
  HeldView,
  HistoryView,
  PauseView,
  SagaDetail,
  SagaSummary,
  StandingStepView,
  StepView,
} from './saga.view';
import { time } from './time';
import { storedEvent } from '../store';

/** How many of the steps at which a saga stands are shown. */
const MOST_STANDING = 10;

export function summaryOf(
  { state, revision, attributes }: StoredSummary,
  definition: SagaDefinition | undefined,
): SagaSummary {
  const { id, definition: name, version, status, subject, parent, cause, pause, deadlineAt } = state;
  const standing = standingSteps(state);
  const pastPivot = definition && !isCompensatingOrCan(definition, state);
  return {
    id,
    definition: name,
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
    deadline: hasEnded(state) || cause || pastPivot ? undefined : time(deadlineAt),
    pastPivot,
    standsAt: standing.slice(0, MOST_STANDING).map((step) => standingViewOf(step, state, definition)),
    lastFailure: lastFailureOf(standing, state),
    attributes: attributes.map(({ name: attribute, values, sensitive }) => ({
      name: attribute,
      values: [...values],
      sensitive,
    })),
  };
}

function standingViewOf(name: string, state: SagaState, definition: SagaDefinition | undefined): StandingStepView {
  const at = state.steps[name] ?? { status: statusOfStep(state, name) };
  const step = definition && stepNamed(definition, name);
  const isPaused = state.status === 'PAUSED';
  const direction = at.exchange?.direction ?? (at.status === 'COMPENSATING' ? 'compensation' : 'action');
  const invocation = step?.[direction];
  return {
    name,
    direction,
    command: invocation?.command.name,
    service: invocation?.command.service,
    signal: step?.wait?.signal.name,
    waitsFor: waitsFor(at, isPaused),
    attempt: at.exchange?.attempt,
    attempts: step && invocation && mostAttempts(step, direction, at, invocation),
    sends: at.exchange?.sends,
    wakeAt: wakeOf(at, isPaused),
  };
}

/** An operator's resume may have granted another number of tries. */
function mostAttempts(
  step: StepDefinition,
  direction: 'action' | 'compensation',
  { exchange }: StepState,
  { attempts, attentionAfter }: CommandSpec,
): number {
  if (exchange?.triesLeft !== undefined) return exchange.attempt + exchange.triesLeft;
  return direction === 'compensation' || step.kind === 'retriable' ? attentionAfter : attempts;
}

function lastFailureOf(standing: readonly string[], { steps }: SagaState): FailureView | undefined {
  const failed = standing.find((name) => steps[name]?.objection !== undefined);
  const objection = failed === undefined ? undefined : steps[failed]?.objection;
  return failed === undefined || objection === undefined
    ? undefined
    : { step: failed, reason: objection.reason, detail: objection.detail };
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
  saga: StoredHistory,
  definition: SagaDefinition | undefined,
  available: AvailableActions,
  holds: Pick<Holds, 'holdOn'>,
): Omit<SagaDetail, 'deadLetters'> {
  const { state, history } = saga;
  return {
    ...summaryOf(saga, definition),
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
  const { status, exchange, actionId, reply, objection } = step;
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
    wakeAt: wakeOf(step, isPaused),
    reply,
    objection,
  };
}

function wakeOf({ held, awaitsUntil, exchange }: StepState, isPaused: boolean): string | undefined {
  return isPaused ? undefined : time(held?.checkAt ?? awaitsUntil ?? exchange?.wakeAt);
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
