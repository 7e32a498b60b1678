import type { Direction, Rejection } from '../contract';
import {
  allStepsOf,
  type CommandSpec,
  type SagaDefinition,
  type StageDefinition,
  type StepDefinition,
  stepsOfStage,
} from '../definition';
import type { SendCommand, UnderHolds } from './event';
import type { Cause, Pause, PauseReason, SagaState, StepState } from './state';

/** A saga's next state in the making: the only thing the engine mutates. It does not leave the transition. */
export interface Draft {
  readonly definition: SagaDefinition;
  readonly now: number;
  /** The types of the commands, and the names of the steps, that are not to be sent now. */
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
  return allStepsOf(draft.definition, draft.state.groups);
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

/** True while all effects can still be compensated: no pivot or retriable up to this stage has begun. */
export function canCompensate(draft: Pick<Draft, 'definition' | 'state'>): boolean {
  const { definition, state } = draft;
  return definition.stages
    .slice(0, state.stage + 1)
    .every((stage) =>
      stepsIn(draft, stage).every((step) => !preventsCompensation(step) || !hasBegun(state.steps[step.name])),
    );
}

/** True when the saga is being compensated, or still can be. */
export function isCompensatingOrCan(definition: SagaDefinition, state: SagaState): boolean {
  return state.cause !== undefined || canCompensate({ definition, state });
}

function preventsCompensation({ kind }: StepDefinition): boolean {
  return kind === 'pivot' || kind === 'retriable';
}

function hasBegun(step: StepState | undefined): boolean {
  return step !== undefined && step.status !== 'PENDING' && step.status !== 'SKIPPED';
}

/** True when the saga will be compensated as soon as this stage has settled. */
export function willCompensate({ state }: Draft): boolean {
  return state.cause !== undefined;
}

/** Ends an action that did not succeed. The first such action is the cause for which the saga is compensated. */
export function giveUp(
  draft: Draft,
  step: StepDefinition,
  status: 'REFUSED' | 'FAILED' | 'UNKNOWN',
  whyUnknown?: string,
): void {
  changeStep(draft, step, { status, exchange: undefined, held: undefined, awaitsUntil: undefined });
  if (willCompensate(draft)) return;
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

/** Ends a pause; the saga continues in the direction that it had. */
export function endPause(draft: Draft): void {
  const { pause } = draft.state;
  if (pause) change(draft, { status: pause.during, pause: undefined });
}

/** Pauses for the next step whose outcome a person must look into. The pause for an earlier one came first. */
export function pauseForUnknown(draft: Draft): void {
  for (const step of allSteps(draft)) {
    const unknown = draft.state.steps[step.name]?.exchange?.unknown;
    if (unknown !== undefined) return pause(draft, 'outcome-unknown', unknown, step);
  }
}

/** An invariant of the engine does not hold. The transition has no effect, and this saga alone is paused. */
export class BrokenInvariantError extends Error {}

export function must<T>(value: T | undefined, invariant: string): T {
  if (value === undefined) throw new BrokenInvariantError(`Broken invariant: ${invariant}.`);
  return value;
}

/** The argument of a definition's functions. */
export type ScopeOf = Readonly<Record<string, unknown>>;

/** Contains the input and the replies of earlier stages only, so that a re-send has the same payload. */
export function scopeOf({ definition, state }: Draft, step: StepDefinition, direction: Direction = 'action'): ScopeOf {
  const defined = step.branch?.of ?? step;
  const scope: Record<string, unknown> = { input: state.input };
  for (const { steps } of definition.stages) {
    if (steps.includes(defined)) break;
    for (const earlier of steps) scope[earlier.name] = replyOf(state, earlier);
  }
  if (step.branch && defined.forEach) {
    const items = defined.forEach.items as (scope: ScopeOf) => readonly unknown[];
    scope['item'] = items(scope)[step.branch.index];
    scope['index'] = step.branch.index;
  }
  if (direction === 'compensation') {
    scope['reply'] = state.steps[step.name]?.reply;
    scope['cause'] = state.cause && publicCause(state.cause);
  }
  return scope;
}

/** Returns the cause as messages may contain it: without the reason that an operator gave for a cancellation. */
export function publicCause(cause: Cause): Cause {
  return cause.kind === 'cancelled' ? { kind: 'cancelled', reason: 'cancelled' } : cause;
}

function replyOf(state: SagaState, { name, forEach }: StepDefinition): unknown {
  if (!forEach) return state.steps[name]?.reply;
  return Array.from({ length: state.groups?.[name] ?? 0 }, (_, index) => state.steps[`${name}[${index}]`]?.reply);
}

/**
 * Calls a function of the definition. Returns undefined when it throws: then this saga alone is paused, and can be
 * resumed with a corrected definition.
 */
export function evaluate<T>(
  draft: Draft,
  step: StepDefinition,
  { what, reason = 'invalid-definition' }: { what: string; reason?: PauseReason },
  call: () => T,
): { readonly value: T } | undefined {
  try {
    return { value: call() };
  } catch (error) {
    pause(draft, reason, `${what} threw: ${String(error)}.`, step);
    return undefined;
  }
}
