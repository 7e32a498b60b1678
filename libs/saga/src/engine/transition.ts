/*
 * The whole protocol as one pure function without clock, randomness or I/O. The time is the argument `now`; ids are
 * derived from the id of the saga. Invariants, for any events in any order (tests cite the numbers):
 *
 * 1. At most one unanswered command per (step, direction); a reply counts only when it names that command's id.
 * 2. A reply that does not count (late, duplicate, for an ended saga) changes nothing, and is recorded with the reason.
 * 3. A parallel stage settles as a whole before the saga leaves or compensates it; compensation runs the stages in reverse.
 * 4. A step is compensated if it is DONE or UNKNOWN, never if REFUSED or FAILED.
 * 5. COMPLETED and COMPENSATED are final, with one exception: a parent may compensate a completed child.
 * 6. Every state that is neither final nor paused has a next wake-up time, so no saga waits for ever.
 * 7. Once the pivot is DONE nothing is compensated, and cancel is refused with that reason.
 * 8. The state equals the fold of the history.
 * 9. A held command is not sent, except to probe; what happens to it meanwhile uses up neither attempts nor sends.
 */
import { canonicalData, problemOf } from '../contract';
import { stepNamed, stepsOf, type SagaDefinition, type StepDefinition } from '../definition';
import { advance } from './advance';
import { applyObjection, handleReplyTimeout, applySuccess } from './answer';
import {
  allSteps,
  BrokenInvariantError,
  canCompensate,
  change,
  changeStep,
  draftOf,
  endPause,
  commandSpecOf,
  must,
  pause,
  pauseForUnknown,
  stepState,
  type Draft,
} from './draft';
import type {
  AnswerEvent,
  Ignored,
  NotedEvent,
  SagaEvent,
  SignalledEvent,
  TransitionResult,
  UnderHolds,
  UndoEvent,
} from './event';
import {
  answerToParent,
  isOwnParent,
  compensatedBeforeStart,
  pastThePivotReply,
  compensationReply,
  compensateChild,
} from './family';
import { halt, repeatedStart, startHalted, type HaltingEvent, type StartedEvent } from './halt';
import { cancel, resolve, skip, whyInapplicable } from './operate';
import { attemptNext, hold, isReleased, probe, sendAgain, sendHeld } from './send';
import { hasEnded, type SagaState, type StepState } from './state';
import { awaits, handleSignalTimeout } from './wait';

type LiveEvent = Exclude<SagaEvent, StartedEvent | HaltingEvent | UndoEvent | NotedEvent>;

/** Returns the saga's state after this event, and the commands to send. `state` is undefined before the saga started. */
export function transition(
  definition: SagaDefinition,
  state: SagaState | undefined,
  event: SagaEvent,
  now: number,
): TransitionResult {
  if (event.kind === 'halted' || event.kind === 'pause') return halt(state, event, now);
  if (event.kind === 'undo') return applyUndo(definition, state, event, now);
  if (event.kind === 'started') {
    if (state) return repeatedStart(state);
    return event.halted === undefined ? start(definition, event, now) : startHalted(event, now);
  }
  if (state === undefined) throw new BrokenInvariantError('Broken invariant: a saga starts first.');
  if (event.kind === 'noted') return { state, sends: [] };
  const draft = draftOf(definition, state, heldAt(event), now);
  const ignored = whyIgnored(draft, event);
  if (ignored) return { state, sends: [], ignored };
  apply(draft, event);
  advance(draft);
  return finish(draft);
}

/** Compensates a child for its parent, whatever its state. */
function applyUndo(
  definition: SagaDefinition,
  state: SagaState | undefined,
  event: UndoEvent,
  now: number,
): TransitionResult {
  if (state === undefined) {
    const kept = compensatedBeforeStart(event, now);
    return { state: kept, sends: [], answer: answerToParent(kept) };
  }
  if (!isOwnParent(state, event)) return { state, sends: [], ignored: 'foreign-parent' };
  if (state.status === 'COMPENSATED') {
    return { state, sends: [], answer: compensationReply(event.parent), ignored: 'saga-ended' };
  }
  const draft = draftOf(definition, state, event, now);
  if (state.cause === undefined && !canCompensate(draft)) {
    return { state, sends: [], answer: pastThePivotReply(event), ignored: 'past-the-pivot' };
  }
  compensateChild(draft, event);
  if (draft.state.status === 'PAUSED') resume(draft);
  advance(draft);
  return finish(draft);
}

function start(definition: SagaDefinition, event: StartedEvent, now: number): TransitionResult {
  const { sagaId: id, kind: _kind, held: _held, ...rest } = event;
  const state: SagaState = { id, ...rest, status: 'RUNNING', stage: 0, commands: 0, steps: {}, startedAt: now };
  const draft = draftOf(definition, state, event, now);
  begin(draft);
  advance(draft);
  return finish(draft);
}

/** Sets what the definition says of a saga that has sent nothing yet, and checks its input. */
function begin(draft: Draft): void {
  const { definition, state } = draft;
  const { deadlineMs } = definition;
  const deadlineAt = deadlineMs === undefined ? undefined : state.startedAt + deadlineMs;
  change(draft, { steps: initialSteps(definition), deadlineAt });
  const problem = problemOf(definition.input, state.input);
  if (problem === undefined) change(draft, { input: canonicalData(definition.input, state.input) });
  // A cancelled saga is compensated whatever its input.
  if (problem === undefined || state.cause) return;
  pause(draft, 'invalid-input', `The input of ${definition.name} is not valid: ${problem}.`);
}

function whyIgnored(draft: Draft, event: LiveEvent): Ignored | undefined {
  const { state, now } = draft;
  if (hasEnded(state)) return 'saga-ended';
  switch (event.kind) {
    case 'time-passed':
      return state.wakeAt === undefined || state.wakeAt > now ? 'nothing-due' : undefined;
    case 'definition-found':
      return state.pause?.reason === 'definition-missing' ? undefined : 'definition-not-missed';
    case 'released':
      return state.status !== 'PAUSED' && allSteps(draft).some((step) => isReleased(draft, step))
        ? undefined
        : 'nothing-held';
    case 'probed':
      return state.status !== 'PAUSED' && state.steps[event.step]?.held ? undefined : 'nothing-held';
    case 'signalled':
      return whySignalIgnored(draft, event);
    case 'replied':
    case 'refused':
    case 'failed':
    case 'broken':
    case 'unknown':
      return whyReplyIgnored(draft, event);
    default:
      return whyInapplicable(draft, event);
  }
}

function whyReplyIgnored({ definition, state }: Draft, answer: AnswerEvent): Ignored | undefined {
  const step = stepNamed(definition, answer.step);
  if (step === undefined) return 'unknown-step';
  const exchange = state.steps[step.name]?.exchange;
  const awaited =
    exchange?.waitsFor === 'reply' &&
    exchange.commandId === answer.commandId &&
    exchange.direction === answer.direction;
  if (!awaited) return 'not-awaited';
  return commandSpecOf(step, answer.direction).command.service === answer.from ? undefined : 'foreign-reply';
}

function waitFor({ definition }: Draft, signal: string): StepDefinition | undefined {
  return stepsOf(definition).find(({ wait }) => wait?.signal.name === signal);
}

function whySignalIgnored(draft: Draft, { signal, payload }: SignalledEvent): Ignored | undefined {
  const wait = waitFor(draft, signal)?.wait;
  if (wait === undefined) return 'unknown-signal';
  if (draft.state.signals?.[signal] !== undefined) return 'already-signalled';
  if (!awaits(draft, signal)) return 'not-awaited';
  return problemOf(wait.signal.payload, payload) === undefined ? undefined : 'invalid-signal';
}

function storeSignal(draft: Draft, { signal, payload }: SignalledEvent): void {
  const { wait } = must(waitFor(draft, signal), 'a wanted signal is waited for');
  const given = canonicalData(must(wait, 'it waits for a signal').signal.payload, payload);
  change(draft, { signals: { ...draft.state.signals, [signal]: given } });
}

function apply(draft: Draft, event: LiveEvent): void {
  switch (event.kind) {
    case 'time-passed':
      return applyDueTimers(draft);
    case 'released':
      for (const step of allSteps(draft)) if (isReleased(draft, step)) sendHeld(draft, step);
      return;
    case 'probed':
      return probe(
        draft,
        must(
          allSteps(draft).find(({ name }) => name === event.step),
          'a held step is defined',
        ),
      );
    case 'signalled':
      // Stored until its wait uses it, which may be at once.
      return storeSignal(draft, event);
    case 'definition-found':
      resume(draft);
      return wakeAll(draft);
    case 'resume':
      resume(draft);
      grantTries(draft, event.attempts);
      return wakeAll(draft);
    case 'retry':
      return wakeAll(draft);
    case 'cancel':
      cancel(draft, event);
      return draft.state.status === 'PAUSED' ? resume(draft) : undefined;
    case 'resolve':
      return resolve(draft, event);
    case 'skip':
      return skip(draft, event.step);
    default:
      return applyReply(draft, event);
  }
}

function applyReply(draft: Draft, answer: AnswerEvent): void {
  const step = must(stepNamed(draft.definition, answer.step), 'an awaited step is defined');
  // The saga was paused because this reply was missing, so it continues.
  const { pause } = draft.state;
  if (pause?.step === step.name && answer.kind !== 'broken' && answer.kind !== 'unknown') resume(draft);
  if (answer.kind === 'replied') applySuccess(draft, step, answer.reply);
  else applyObjection(draft, step, answer);
  if (draft.state.status !== 'PAUSED') pauseForUnknown(draft);
}

/** Handles what is due; the deadline first, because it decides whether a failed step is attempted again. */
function applyDueTimers(draft: Draft): void {
  const { deadlineAt, cause } = draft.state;
  if (deadlineAt !== undefined && deadlineAt <= draft.now && cause === undefined && canCompensate(draft)) {
    change(draft, { cause: { kind: 'deadline', reason: 'deadline' } });
    advance(draft);
  }
  for (const step of allSteps(draft)) if (draft.state.status !== 'PAUSED') wakeStep(draft, step);
}

function wakeStep(draft: Draft, step: StepDefinition): void {
  const { exchange, awaitsUntil, held } = stepState(draft, step);
  if (held) return held.checkAt > draft.now ? undefined : checkHold(draft, step);
  if (awaitsUntil !== undefined && awaitsUntil <= draft.now) return handleSignalTimeout(draft, step);
  if (exchange === undefined || exchange.wakeAt > draft.now) return;
  if (exchange.waitsFor === 'reply') handleReplyTimeout(draft, step);
  else attemptNext(draft, step, exchange);
}

/** Checks whether the hold has ended, in case its release did not reach this saga. */
function checkHold(draft: Draft, step: StepDefinition): void {
  if (isReleased(draft, step)) sendHeld(draft, step);
  else hold(draft, step);
}

/** Returns what is held for this event. An operator's retry is sent at once, also to a participant that is held. */
function heldAt(event: LiveEvent): UnderHolds {
  return event.kind === 'retry' ? {} : event;
}

function wakeAll(draft: Draft): void {
  for (const step of allSteps(draft)) {
    const { exchange } = stepState(draft, step);
    if (isReleased(draft, step)) sendHeld(draft, step);
    else if (exchange?.waitsFor === 'reply') sendAgain(draft, step);
    else if (exchange) attemptNext(draft, step, exchange);
  }
}

/** Limits the tries until the saga pauses again; without a number, the definition decides again. */
function grantTries(draft: Draft, tries: number | undefined): void {
  for (const step of allSteps(draft)) {
    const { exchange } = stepState(draft, step);
    if (exchange === undefined || (step.kind === 'compensatable' && exchange.direction === 'action')) continue;
    if (exchange.triesLeft !== tries) changeStep(draft, step, { exchange: { ...exchange, triesLeft: tries } });
  }
}

function resume(draft: Draft): void {
  const { pause, steps, commands } = draft.state;
  endPause(draft);
  // A saga that started before its definition was known gets the version with which it begins now.
  change(draft, { version: draft.definition.version });
  // It was paused before its first step, because its definition was missing or its input was not valid.
  const untouched = pause?.reason === 'invalid-input' || Object.keys(steps).length === 0;
  if (untouched && commands === 0) begin(draft);
}

function initialSteps(definition: SagaDefinition): Record<string, StepState> {
  const steps: Record<string, StepState> = {};
  for (const { name, kind, forEach } of stepsOf(definition))
    if (!forEach) steps[name] = { status: kind === 'compensation' ? 'DONE' : 'PENDING' };
  return steps;
}

function finish(draft: Draft): TransitionResult {
  const wakeAt = nextWakeUp(draft);
  if (draft.state.wakeAt !== wakeAt) change(draft, { wakeAt });
  const answer = answerToParent(draft.state);
  return { state: draft.state, sends: draft.sends, ...(answer ? { answer } : {}) };
}

function nextWakeUp(draft: Draft): number | undefined {
  const { state } = draft;
  if (hasEnded(state) || state.status === 'PAUSED') return undefined;
  let next = Number.POSITIVE_INFINITY;
  for (const { exchange, held, awaitsUntil = next } of Object.values(state.steps))
    next = Math.min(next, held?.checkAt ?? exchange?.wakeAt ?? next, awaitsUntil);
  const { deadlineAt, cause } = state;
  if (deadlineAt !== undefined && deadlineAt < next && cause === undefined && canCompensate(draft)) next = deadlineAt;
  return must(next === Number.POSITIVE_INFINITY ? undefined : next, 'a live saga has a next wake-up');
}
