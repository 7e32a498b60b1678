/* The actions of operators on a saga, and the reasons for which one would change nothing. */
import { canonicalData, problemOf } from '../contract';
import { stepNamed, type StepDefinition } from '../definition';
import { applySuccess } from './answer';
import {
  canCompensate,
  change,
  changeStep,
  endPause,
  giveUp,
  commandSpecOf,
  must,
  mustSucceed,
  pauseForUnknown,
  stepState,
  type Draft,
} from './draft';
import type { GuidingEvent, Ignored } from './event';
import type { Invocation } from './state';

type Resolve = Extract<GuidingEvent, { kind: 'resolve' }>;

/** Why an operator's action would change nothing. */
export function whyInapplicable(draft: Draft, event: GuidingEvent): Ignored | undefined {
  const { status, cause } = draft.state;
  switch (event.kind) {
    case 'retry':
      return status === 'PAUSED' ? 'already-paused' : undefined;
    case 'resume':
      return status === 'PAUSED' ? undefined : 'not-paused';
    case 'cancel':
      if (cause) return 'already-turning-back';
      return canCompensate(draft) ? undefined : 'past-the-pivot';
    case 'resolve':
      return whyUnresolvable(draft, event);
    default:
      return isBeingCompensated(draft, event.step) ? undefined : 'nothing-to-skip';
  }
}

function whyUnresolvable(draft: Draft, { step: name, outcome, reply }: Resolve): Ignored | undefined {
  const step = stepNamed(draft.definition, name);
  if (step === undefined) return 'unknown-step';
  const { exchange } = draft.state.steps[name] ?? {};
  if (exchange === undefined) return 'nothing-to-resolve';
  if (outcome === 'failure') return mustSucceed(step, exchange.direction) ? 'must-succeed' : undefined;
  const { command } = commandSpecOf(step, exchange.direction);
  const replies = exchange.direction === 'action' && command.reply;
  return replies && problemOf(command.reply, reply) !== undefined ? 'invalid-reply' : undefined;
}

/** True when its compensation is in flight, or held before its first send. */
function isBeingCompensated(draft: Draft, name: string): boolean {
  const step = stepNamed(draft.definition, name);
  const { status, held } = draft.state.steps[name] ?? {};
  if (step?.compensation === undefined) return false;
  return status === 'COMPENSATING' || (held !== undefined && (status === 'DONE' || status === 'UNKNOWN'));
}

/** Settles a step by the outcome that an operator reports. */
export function resolve(draft: Draft, { step: name, outcome, reply, reason }: Resolve): void {
  const step = stepOf(draft, name);
  const { direction } = must<Invocation>(stepState(draft, step).exchange, `${name} waits for something`);
  if (outcome === 'success')
    applySuccess(draft, step, direction === 'action' ? replyAsContracted(step, reply) : undefined);
  else {
    changeStep(draft, step, { objection: { reason: 'resolved-as-failed', detail: reason } });
    giveUp(draft, step, 'FAILED');
  }
  releasePause(draft, step);
}

function replyAsContracted(step: StepDefinition, reply: unknown): unknown {
  const { command } = commandSpecOf(step, 'action');
  return command.reply ? canonicalData(command.reply, reply) : reply;
}

/** Skips the compensation of a step; the effect of its action remains. */
export function skip(draft: Draft, name: string): void {
  const step = stepOf(draft, name);
  changeStep(draft, step, { status: 'COMPENSATION_SKIPPED', exchange: undefined, held: undefined });
  releasePause(draft, step);
}

/** Cancels the saga for an operator: it is compensated from its current state. */
export function cancel(draft: Draft, { by, reason }: Pick<GuidingEvent, 'by' | 'reason'>): void {
  change(draft, { cause: { kind: 'cancelled', reason, detail: by } });
}

function releasePause(draft: Draft, step: StepDefinition): void {
  if (draft.state.pause?.step !== step.name) return;
  endPause(draft);
  pauseForUnknown(draft);
}

function stepOf(draft: Draft, name: string): StepDefinition {
  return must(stepNamed(draft.definition, name), `the step ${name} is defined`);
}
