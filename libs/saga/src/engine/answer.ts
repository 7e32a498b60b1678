/*
 * The table of DESIGN: what success, refusal, failure and silence mean for each kind of transaction.
 */
import { ACTION_FORGOTTEN, type Objection } from '../contract';
import { delayAfter, type StepDefinition } from '../definition';
import { changeStep, giveUp, invocationOf, isDoomed, must, mustSucceed, pause, stepState, type Draft } from './draft';
import type { AnswerEvent } from './event';
import { hold, isHeld } from './hold';
import { sendAgain } from './send';
import type { Exchange } from './state';

export function succeed(draft: Draft, step: StepDefinition, reply: unknown): void {
  const { direction } = exchangeOf(draft, step);
  if (direction === 'compensation')
    changeStep(draft, step, { status: 'COMPENSATED', exchange: undefined, held: undefined });
  else changeStep(draft, step, { status: 'DONE', exchange: undefined, held: undefined, reply, objection: undefined });
}

export function answerNo(
  draft: Draft,
  step: StepDefinition,
  { kind, objection }: Exclude<AnswerEvent, { kind: 'replied' }>,
): void {
  changeStep(draft, step, { objection });
  if (kind === 'failed') fail(draft, step, objection);
  else if (kind === 'refused') beRefused(draft, step);
  else if (kind === 'unknown') stayUnknown(draft, step, objection);
  else goUnanswered(draft, step, 'broken-contract');
}

/** No reply came in time, or none that can be read. */
export function endureSilence(draft: Draft, step: StepDefinition): void {
  const { direction, sends } = exchangeOf(draft, step);
  const { command, attempts, attentionAfter } = invocationOf(step, direction);
  if (isHeld(draft, step, command)) return hold(draft, step);
  if (mustSucceed(step, direction)) {
    if (sends % attentionAfter !== 0) return sendAgain(draft, step);
    pause(draft, 'needs-attention', `${command.name} was sent ${sends} times and never answered.`, step);
  } else if (sends < attempts) sendAgain(draft, step);
  else goUnanswered(draft, step, 'pivot-unanswered');
}

function beRefused(draft: Draft, step: StepDefinition): void {
  const { direction } = exchangeOf(draft, step);
  if (!mustSucceed(step, direction)) return giveUp(draft, step, 'REFUSED');
  const { command } = invocationOf(step, direction);
  // The participant has stored its no, and would repeat it to the same id: once mended, only a new attempt can succeed.
  waitForNextAttempt(draft, step);
  pause(draft, 'broken-contract', `${command.name} was refused, which its contract does not allow.`, step);
}

/** A failure reply proves that nothing happened, unless it says otherwise, so a new attempt, or turning back, is safe. */
function fail(draft: Draft, step: StepDefinition, { reason, unfinished }: Objection): void {
  const { direction, attempt } = exchangeOf(draft, step);
  const { command, attempts, attentionAfter } = invocationOf(step, direction);
  const endless = mustSucceed(step, direction);
  const usedUp = attempt >= attempts && !isHeld(draft, step, command);
  if (!endless && (usedUp || isDoomed(draft))) {
    if (unfinished) return leaveUnfinished(draft, step);
    return giveUp(draft, step, 'FAILED');
  }
  const forgotten = direction === 'compensation' && reason === ACTION_FORGOTTEN;
  if (isHeld(draft, step, command) && !forgotten) return holdNextAttempt(draft, step);
  waitForNextAttempt(draft, step);
  if (forgotten) return pause(draft, ACTION_FORGOTTEN, `${command.name} was not done: its action is forgotten.`, step);
  if (endless && attempt % attentionAfter === 0) {
    pause(draft, 'needs-attention', `${command.name} failed ${attempt} times.`, step);
  }
}

/** What fails while its participant is away says nothing of this saga, whose attempts begin anew. */
function holdNextAttempt(draft: Draft, step: StepDefinition): void {
  const exchange = exchangeOf(draft, step);
  changeStep(draft, step, { exchange: { ...exchange, attempt: 0, waitsFor: 'next-attempt', wakeAt: draft.now } });
  hold(draft, step);
}

/** A third party has acted, and the step is not done: what can be compensated is; a pivot waits for somebody to look. */
function leaveUnfinished(draft: Draft, step: StepDefinition): void {
  if (step.kind === 'compensatable') return giveUp(draft, step, 'UNKNOWN');
  const { attempt } = exchangeOf(draft, step);
  waitForNextAttempt(draft, step);
  const { command } = invocationOf(step, 'action');
  pause(draft, 'unfinished', `${command.name} failed ${attempt} times after a third party had acted for it.`, step);
}

function waitForNextAttempt(draft: Draft, step: StepDefinition): void {
  const exchange = exchangeOf(draft, step);
  const { direction, attempt } = exchange;
  const { backoff } = invocationOf(step, direction);
  const wakeAt = draft.now + delayAfter(backoff, attempt, `${draft.state.id}/${step.name}/${direction}`);
  changeStep(draft, step, { exchange: { ...exchange, waitsFor: 'next-attempt', wakeAt } });
}

/**
 * Nobody knows what took effect under this id, not even its participant. What must succeed is not attempted again by itself:
 * a person looks first, and by resuming asks for a new attempt, under an id that stands for nothing else.
 */
function stayUnknown(draft: Draft, step: StepDefinition, { reason, detail }: Objection): void {
  const { direction } = exchangeOf(draft, step);
  const why = detail === undefined ? reason : `${reason}: ${detail}`;
  if (direction === 'action' && step.kind === 'compensatable') return giveUp(draft, step, 'UNKNOWN', why);
  const { command } = invocationOf(step, direction);
  const unknown = `What became of ${command.name} is not known: ${why}`;
  if (mustSucceed(step, direction)) {
    waitForNextAttempt(draft, step);
    changeStep(draft, step, { exchange: { ...exchangeOf(draft, step), unknown } });
  }
  pause(draft, 'outcome-unknown', unknown, step);
}

/** The effect may be there. What can be compensated is; a pivot or a retriable is never guessed. */
function goUnanswered(draft: Draft, step: StepDefinition, reason: 'pivot-unanswered' | 'broken-contract'): void {
  const { direction, sends } = exchangeOf(draft, step);
  if (direction === 'action' && step.kind === 'compensatable') {
    return giveUp(draft, step, 'UNKNOWN');
  }
  const { command } = invocationOf(step, direction);
  const what =
    reason === 'broken-contract' ? 'answered outside its contract' : `was sent ${sends} times and never answered`;
  pause(draft, reason, `${command.name} ${what}; whether it took effect is not known.`, step);
}

function exchangeOf(draft: Draft, step: StepDefinition): Exchange {
  return must(stepState(draft, step).exchange, `${step.name} waits for an answer`);
}
