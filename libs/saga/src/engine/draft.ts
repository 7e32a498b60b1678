import type { Direction, Rejection } from '../contract';
import {
  stepsOfStage,
  type CommandSpec,
  type SagaDefinition,
  type StageDefinition,
  type StepDefinition,
} from '../definition';
import type { SendCommand, UnderHolds } from './event';
import type { Cause, Pause, PauseReason, SagaState, StepState } from './state';

/** A saga's next state in the making: the only thing the engine mutates, and never seen outside a transition. */
export interface Draft {
  readonly definition: SagaDefinition;
  readonly now: number;
  /** The types of the commands, and the names of the steps, that nobody should send now. */
  readonly held: ReadonlySet<string>;
  state: SagaState;
  readonly sends: SendCommand[];
}

export function draftOf(definition: SagaDefinition, state: SagaState, { held = [] }: UnderHolds, now: number): Draft {
  return { definition, now, held: new Set(held), state, sends: [] };
}

export function change(draft: Draft, part: Partial<SagaState>): void {
  draft.state = { ...draft.state, ...part };
}

export function changeStep(draft: Draft, step: StepDefinition, part: Partial<StepState>): void {
  const { steps } = draft.state;
  change(draft, { steps: { ...steps, [step.name]: { ...stepState(draft, step), ...part } } });
}

export function stepState({ state }: Draft, step: StepDefinition): StepState {
  return must(state.steps[step.name], `the step ${step.name} has a state`);
}

export function currentStage({ definition, state }: Draft): StageDefinition | undefined {
  return definition.stages[state.stage];
}

/** The steps that a stage has in this saga: a forEach has as many as it had items when it began. */
export function stepsIn({ state }: Pick<Draft, 'state'>, stage: StageDefinition): readonly StepDefinition[] {
  return stepsOfStage(stage, state.groups);
}

export function allSteps(draft: Draft): readonly StepDefinition[] {
  return draft.definition.stages.flatMap((stage) => stepsIn(draft, stage));
}

export function commandSpecOf(step: StepDefinition, direction: Direction): CommandSpec {
  return must(
    direction === 'action' ? step.action : step.compensation,
    `${step.name} has a command for its ${direction}`,
  );
}

/** A retriable transaction and a compensation must succeed in the end; neither can be refused or given up. */
export function mustSucceed(step: StepDefinition, direction: Direction): boolean {
  return direction === 'compensation' || step.kind === 'retriable';
}

/** True while everything that was done can still be taken back: no pivot or retriable of this stage has begun. */
export function canTurnBack(draft: Pick<Draft, 'definition' | 'state'>): boolean {
  const { definition, state } = draft;
  return definition.stages
    .slice(0, state.stage + 1)
    .every((stage) =>
      stepsIn(draft, stage).every((step) => !endsTheWayBack(step) || !hasBegun(state.steps[step.name])),
    );
}

/** Whether something may still be taken back: the saga is being taken back, or can be. */
export function canStillTurnBack(definition: SagaDefinition, state: SagaState): boolean {
  return state.cause !== undefined || canTurnBack({ definition, state });
}

function endsTheWayBack({ kind }: StepDefinition): boolean {
  return kind === 'pivot' || kind === 'retriable';
}

function hasBegun(step: StepState | undefined): boolean {
  return step !== undefined && step.status !== 'PENDING' && step.status !== 'SKIPPED';
}

/** True when this stage, as soon as it has settled, will be undone. */
export function isDoomed({ state }: Draft): boolean {
  return state.cause !== undefined;
}

/** Ends an action that did not succeed. The first one is the cause for which the saga is taken back. */
export function giveUp(
  draft: Draft,
  step: StepDefinition,
  status: 'REFUSED' | 'FAILED' | 'UNKNOWN',
  whyUnknown?: string,
): void {
  changeStep(draft, step, { status, exchange: undefined, held: undefined, awaitsUntil: undefined });
  if (isDoomed(draft)) return;
  const cause = causeOf(step, status, stepState(draft, step).objection);
  change(draft, { cause: whyUnknown === undefined ? cause : { ...cause, detail: whyUnknown } });
}

function causeOf(
  { name: step }: StepDefinition,
  status: 'REFUSED' | 'FAILED' | 'UNKNOWN',
  objection: Rejection | undefined,
): Cause {
  if (status === 'REFUSED') return { kind: 'refusal', step, reason: 'refused', ...objection };
  if (status === 'FAILED') return { kind: 'failure', step, reason: 'failed', ...objection };
  if (objection?.unfinished) return { kind: 'failure', step, reason: objection.reason, detail: objection.detail };
  return { kind: 'no-answer', step, reason: 'no-answer' };
}

export function pause(draft: Draft, reason: PauseReason, detail: string, step?: StepDefinition): void {
  const { status, pause: earlier } = draft.state;
  if (status === 'PAUSED') return;
  const during = must(
    status === 'RUNNING' || status === 'COMPENSATING' ? status : earlier?.during,
    'only a live saga pauses',
  );
  const because: Pause = { reason, detail, during, at: draft.now, ...(step ? { step: step.name } : {}) };
  change(draft, { status: 'PAUSED', pause: because });
}

/** Ends a pause; the saga goes on where it stood. */
export function endPause(draft: Draft): void {
  const { pause } = draft.state;
  if (pause) change(draft, { status: pause.during, pause: undefined });
}

/** Pauses for the next step whose outcome a person is to look into; the pause of another one kept this from being said. */
export function pauseForUnknown(draft: Draft): void {
  for (const step of allSteps(draft)) {
    const unknown = draft.state.steps[step.name]?.exchange?.unknown;
    if (unknown !== undefined) return pause(draft, 'outcome-unknown', unknown, step);
  }
}

/** A broken invariant: the transition is abandoned, and that saga alone pauses. */
export class BrokenInvariantError extends Error {}

export function must<T>(value: T | undefined, invariant: string): T {
  if (value === undefined) throw new BrokenInvariantError(`Broken invariant: ${invariant}.`);
  return value;
}
