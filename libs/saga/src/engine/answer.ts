/*
 * Applies a reply, or its absence, to a step: the table "What a reply means" of docs/architecture.md.
 */
import { ACTION_FORGOTTEN, type Rejection } from '../contract';
import { delayAfter, type StepDefinition } from '../definition';
import {
  changeStep,
  giveUp,
  commandSpecOf,
  willCompensate,
  must,
  mustSucceed,
  pause,
  stepState,
  type Draft,
} from './draft';
import type { AnswerEvent } from './event';
import { hold, isHeld, isLast, sendAgain } from './send';
import type { Invocation } from './state';

export function applySuccess(draft: Draft, step: StepDefinition, reply: unknown): void {
  const { direction } = invocationOf(draft, step);
  if (direction === 'compensation')
    changeStep(draft, step, { status: 'COMPENSATED', exchange: undefined, held: undefined });
  else changeStep(draft, step, { status: 'DONE', exchange: undefined, held: undefined, reply, objection: undefined });
}

export function applyObjection(
  draft: Draft,
  step: StepDefinition,
  { kind, objection }: Exclude<AnswerEvent, { kind: 'replied' }>,
): void {
  changeStep(draft, step, { objection });
  if (kind === 'failed') applyFailure(draft, step, objection);
  else if (kind === 'refused') applyRefusal(draft, step);
  else if (kind === 'unknown') applyUnknownOutcome(draft, step, objection);
  else giveUpOnReply(draft, step, 'broken-contract');
}

/** Handles a reply that did not arrive in time, or that violates its contract. */
export function handleReplyTimeout(draft: Draft, step: StepDefinition): void {
  const exchange = invocationOf(draft, step);
  const { direction, sends } = exchange;
  const { command } = commandSpecOf(step, direction);
  if (isHeld(draft, step, command)) return hold(draft, step);
  if (!isLast(step, exchange, sends)) return sendAgain(draft, step);
  if (!mustSucceed(step, direction)) return giveUpOnReply(draft, step, 'pivot-unanswered');
  pause(draft, 'needs-attention', `${command.name} was sent ${sends} times and never answered.`, step);
}

function applyRefusal(draft: Draft, step: StepDefinition): void {
  const { direction } = invocationOf(draft, step);
  if (!mustSucceed(step, direction)) return giveUp(draft, step, 'REFUSED');
  const { command } = commandSpecOf(step, direction);
  // The participant has stored the refusal and would repeat it to the same id; only a new attempt can succeed.
  waitForNextAttempt(draft, step);
  pause(draft, 'broken-contract', `${command.name} was refused, which its contract does not allow.`, step);
}

/** A failure proves that nothing happened, unless it says otherwise; so a new attempt, or compensation, is safe. */
function applyFailure(draft: Draft, step: StepDefinition, { reason, unfinished }: Rejection): void {
  const exchange = invocationOf(draft, step);
  const { direction, attempt } = exchange;
  const { command } = commandSpecOf(step, direction);
  const endless = mustSucceed(step, direction);
  const last = isLast(step, exchange, attempt);
  const usedUp = last && !isHeld(draft, step, command);
  if (!endless && (usedUp || willCompensate(draft))) {
    if (unfinished) return leaveUnfinished(draft, step);
    // An operator has limited its tries to look again after them, not to turn the saga back.
    if (exchange.triesLeft !== undefined && !willCompensate(draft)) return pauseAfterTries(draft, step, attempt);
    return giveUp(draft, step, 'FAILED');
  }
  const forgotten = direction === 'compensation' && reason === ACTION_FORGOTTEN;
  if (isHeld(draft, step, command) && !forgotten) return holdNextAttempt(draft, step);
  if (endless && last && !forgotten) return pauseAfterTries(draft, step, attempt);
  waitForNextAttempt(draft, step);
  if (forgotten) pause(draft, ACTION_FORGOTTEN, `${command.name} was not done: its action is forgotten.`, step);
}

function pauseAfterTries(draft: Draft, step: StepDefinition, attempt: number): void {
  const { direction } = invocationOf(draft, step);
  waitForNextAttempt(draft, step);
  pause(draft, 'needs-attention', `${commandSpecOf(step, direction).command.name} failed ${attempt} times.`, step);
}

/** Failures while the participant is away do not count: the attempts of the saga begin again. */
function holdNextAttempt(draft: Draft, step: StepDefinition): void {
  const exchange = invocationOf(draft, step);
  changeStep(draft, step, { exchange: { ...exchange, attempt: 0, waitsFor: 'next-attempt', wakeAt: draft.now } });
  hold(draft, step);
}

/**
 * A third party has acted, and the step is not done: a compensatable step is compensated; a pivot waits for an
 * operator.
 */
function leaveUnfinished(draft: Draft, step: StepDefinition): void {
  if (step.kind === 'compensatable') return giveUp(draft, step, 'UNKNOWN');
  const { attempt } = invocationOf(draft, step);
  waitForNextAttempt(draft, step);
  const { command } = commandSpecOf(step, 'action');
  pause(draft, 'unfinished', `${command.name} failed ${attempt} times after a third party had acted for it.`, step);
}

function waitForNextAttempt(draft: Draft, step: StepDefinition): void {
  const exchange = invocationOf(draft, step);
  const { direction, attempt } = exchange;
  const { backoff } = commandSpecOf(step, direction);
  const wakeAt = draft.now + delayAfter(backoff, attempt, `${draft.state.id}/${step.name}/${direction}`);
  changeStep(draft, step, { exchange: { ...exchange, waitsFor: 'next-attempt', wakeAt } });
}

/**
 * Handles an outcome that even the participant does not know. A step that must succeed is not retried automatically: an
 * operator checks first, and requests a new attempt, under a new id, by resuming the saga.
 */
function applyUnknownOutcome(draft: Draft, step: StepDefinition, { reason, detail }: Rejection): void {
  const { direction } = invocationOf(draft, step);
  const why = detail === undefined ? reason : `${reason}: ${detail}`;
  if (direction === 'action' && step.kind === 'compensatable') return giveUp(draft, step, 'UNKNOWN', why);
  const { command } = commandSpecOf(step, direction);
  const unknown = `What became of ${command.name} is not known: ${why}`;
  if (mustSucceed(step, direction)) {
    waitForNextAttempt(draft, step);
    changeStep(draft, step, { exchange: { ...invocationOf(draft, step), unknown } });
  }
  pause(draft, 'outcome-unknown', unknown, step);
}

/**
 * The step may have taken effect: a compensatable step is compensated; a pivot or a retriable step waits for a
 * decision.
 */
function giveUpOnReply(draft: Draft, step: StepDefinition, reason: 'pivot-unanswered' | 'broken-contract'): void {
  const { direction, sends } = invocationOf(draft, step);
  if (direction === 'action' && step.kind === 'compensatable') {
    return giveUp(draft, step, 'UNKNOWN');
  }
  const { command } = commandSpecOf(step, direction);
  const what =
    reason === 'broken-contract' ? 'answered outside its contract' : `was sent ${sends} times and never answered`;
  pause(draft, reason, `${command.name} ${what}; whether it took effect is not known.`, step);
}

function invocationOf(draft: Draft, step: StepDefinition): Invocation {
  return must(stepState(draft, step).exchange, `${step.name} waits for an answer`);
}
