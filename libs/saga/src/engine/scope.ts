/* What the functions of a definition see, and how they are asked: one that throws harms this saga alone. */
import type { Direction } from '../contract';
import type { StepDefinition } from '../definition';
import { pause, type Draft } from './draft';
import type { Cause, PauseReason, SagaState } from './state';

export type ScopeOf = Readonly<Record<string, unknown>>;

/** The input and the replies of the stages before the step's own, so that a re-send maps to the same payload. */
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
    scope['cause'] = state.cause && forOthers(state.cause);
  }
  return scope;
}

/** A cause as it may leave the orchestrator: what an operator wrote when cancelling is for operators, and reaches no message. */
export function forOthers(cause: Cause): Cause {
  return cause.kind === 'cancelled' ? { kind: 'cancelled', reason: 'cancelled' } : cause;
}

function replyOf(state: SagaState, { name, forEach }: StepDefinition): unknown {
  if (!forEach) return state.steps[name]?.reply;
  return Array.from({ length: state.groups?.[name] ?? 0 }, (_, index) => state.steps[`${name}[${index}]`]?.reply);
}

/** What a function of the definition says, or undefined after pausing the saga, which can be mended and resumed. */
export function ask<T>(
  draft: Draft,
  step: StepDefinition,
  { what, reason = 'invalid-definition' }: { what: string; reason?: PauseReason },
  question: () => T,
): { readonly answer: T } | undefined {
  try {
    return { answer: question() };
  } catch (error) {
    pause(draft, reason, `${what} threw: ${String(error)}.`, step);
    return undefined;
  }
}
