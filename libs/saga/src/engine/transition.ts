/*
 * The whole protocol as one pure function: no clock, no randomness, no I/O. Time comes in as `now`; ids are derived from
 * the saga's own. What must hold whatever arrives in whatever order (tests cite the numbers):
 *
 * 1. At most one unanswered command per (step, direction); a reply counts only when it names that command's id.
 * 2. A reply that does not count (late, duplicate, for an ended saga) changes nothing but is recorded with why.
 * 3. A parallel stage settles as a whole before it is left or undone; undo runs stages in reverse.
 * 4. A step is compensated if it is DONE or UNKNOWN, never if REFUSED or FAILED.
 * 5. COMPLETED and COMPENSATED are final, with one exception: a parent may compensate a completed child.
 * 6. Every non-final, non-paused state has a next wake-up time: nothing can wait for ever unseen.
 * 7. After the pivot is DONE nothing compensates; cancel is refused with that reason.
 * 8. The state equals the fold of the history.
 * 9. A held command is not sent, except to probe; what happens to it meanwhile uses up neither attempts nor sends.
 */
import { canonicalData, problemOf } from '../contract';
import { stepNamed, stepsOf, type SagaDefinition, type StepDefinition } from '../definition';
import { advance } from './advance';
import { answerNo, endureSilence, succeed } from './answer';
import {
  allSteps,
  BrokenInvariantError,
  canTurnBack,
  change,
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
import { answerToParent, isOwnParent, neverBegun, pastThePivot, success, takeBack } from './family';
import { halt, startedBefore, startHalted, type HaltingEvent, type StartedEvent } from './halt';
import { cancel, resolve, skip, whyInapplicable } from './operate';
import { attemptNext, hold, isReleased, probe, sendAgain, sendHeld } from './send';
import { hasEnded, type SagaState, type StepState } from './state';
import { awaits, missSignal } from './wait';

type LiveEvent = Exclude<SagaEvent, StartedEvent | HaltingEvent | UndoEvent | NotedEvent>;

/** What the saga becomes by this event, and the commands that this sends. `state` is undefined before it started. */
export function transition(
  definition: SagaDefinition,
  state: SagaState | undefined,
  event: SagaEvent,
  now: number,
): TransitionResult {
  if (event.kind === 'halted' || event.kind === 'pause') return halt(state, event, now);
  if (event.kind === 'undo') return undo(definition, state, event, now);
  if (event.kind === 'started') {
    if (state) return startedBefore(state);
    return event.halted === undefined ? start(definition, event, now) : startHalted(event, now);
  }
  if (state === undefined) throw new BrokenInvariantError('Broken invariant: a saga starts first.');
  if (event.kind === 'noted') return { state, sends: [] };
  const draft = draftOf(definition, state, heldAt(event), now);
  const ignored = whyIgnored(draft, event);
  if (ignored) return { state, sends: [], ignored };
  take(draft, event);
  advance(draft);
  return finish(draft);
}

/** The parent takes its child back, wherever it stands. */
function undo(
  definition: SagaDefinition,
  state: SagaState | undefined,
  event: UndoEvent,
  now: number,
): TransitionResult {
  if (state === undefined) {
    const kept = neverBegun(event, now);
    return { state: kept, sends: [], answer: answerToParent(kept) };
  }
  if (!isOwnParent(state, event)) return { state, sends: [], ignored: 'foreign-parent' };
  if (state.status === 'COMPENSATED') {
    return { state, sends: [], answer: success(event.parent), ignored: 'saga-ended' };
  }
  const draft = draftOf(definition, state, event, now);
  if (state.cause === undefined && !canTurnBack(draft)) {
    return { state, sends: [], answer: pastThePivot(event), ignored: 'past-the-pivot' };
  }
  takeBack(draft, event);
  if (draft.state.status === 'PAUSED') goOn(draft);
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

/** What the definition says of a saga that has sent nothing yet. */
function begin(draft: Draft): void {
  const { definition, state } = draft;
  const { deadlineMs } = definition;
  const deadlineAt = deadlineMs === undefined ? undefined : state.startedAt + deadlineMs;
  change(draft, { steps: untouchedSteps(definition), deadlineAt });
  const problem = problemOf(definition.input, state.input);
  if (problem === undefined) change(draft, { input: canonicalData(definition.input, state.input) });
  // A saga that is cancelled goes back whatever its input.
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
      return whyUnwanted(draft, event);
    case 'replied':
    case 'refused':
    case 'failed':
    case 'broken':
    case 'unknown':
      return whyUnawaited(draft, event);
    default:
      return whyInapplicable(draft, event);
  }
}

function whyUnawaited({ definition, state }: Draft, answer: AnswerEvent): Ignored | undefined {
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

function whyUnwanted(draft: Draft, { signal, payload }: SignalledEvent): Ignored | undefined {
  const wait = waitFor(draft, signal)?.wait;
  if (wait === undefined) return 'unknown-signal';
  if (draft.state.signals?.[signal] !== undefined) return 'already-signalled';
  if (!awaits(draft, signal)) return 'not-awaited';
  return problemOf(wait.signal.payload, payload) === undefined ? undefined : 'invalid-signal';
}

function keepSignal(draft: Draft, { signal, payload }: SignalledEvent): void {
  const { wait } = must(waitFor(draft, signal), 'a wanted signal is waited for');
  const given = canonicalData(must(wait, 'it waits for a signal').signal.payload, payload);
  change(draft, { signals: { ...draft.state.signals, [signal]: given } });
}

function take(draft: Draft, event: LiveEvent): void {
  switch (event.kind) {
    case 'time-passed':
      return passTime(draft);
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
      // Kept until its wait takes it, which may be at once.
      return keepSignal(draft, event);
    case 'definition-found':
    case 'resume':
      goOn(draft);
      return wakeAll(draft);
    case 'retry':
      return wakeAll(draft);
    case 'cancel':
      cancel(draft, event);
      return draft.state.status === 'PAUSED' ? goOn(draft) : undefined;
    case 'resolve':
      return resolve(draft, event);
    case 'skip':
      return skip(draft, event.step);
    default:
      return takeAnswer(draft, event);
  }
}

function takeAnswer(draft: Draft, answer: AnswerEvent): void {
  const step = must(stepNamed(draft.definition, answer.step), 'an awaited step is defined');
  // The engine paused for want of just this answer: with it, nothing keeps the saga.
  const { pause } = draft.state;
  if (pause?.step === step.name && answer.kind !== 'broken' && answer.kind !== 'unknown') goOn(draft);
  if (answer.kind === 'replied') succeed(draft, step, answer.reply);
  else answerNo(draft, step, answer);
  if (draft.state.status !== 'PAUSED') pauseForUnknown(draft);
}

/** Does what is due: a deadline first, since it decides whether a failed step is attempted again. */
function passTime(draft: Draft): void {
  const { deadlineAt, cause } = draft.state;
  if (deadlineAt !== undefined && deadlineAt <= draft.now && cause === undefined && canTurnBack(draft)) {
    change(draft, { cause: { kind: 'deadline', reason: 'deadline' } });
    advance(draft);
  }
  for (const step of allSteps(draft)) if (draft.state.status !== 'PAUSED') wakeStep(draft, step);
}

function wakeStep(draft: Draft, step: StepDefinition): void {
  const { exchange, awaitsUntil, held } = stepState(draft, step);
  if (held) return held.checkAt > draft.now ? undefined : checkHold(draft, step);
  if (awaitsUntil !== undefined && awaitsUntil <= draft.now) return missSignal(draft, step);
  if (exchange === undefined || exchange.wakeAt > draft.now) return;
  if (exchange.waitsFor === 'reply') endureSilence(draft, step);
  else attemptNext(draft, step, exchange);
}

/** Nobody has told that the hold has ended; perhaps it has all the same. */
function checkHold(draft: Draft, step: StepDefinition): void {
  if (isReleased(draft, step)) sendHeld(draft, step);
  else hold(draft, step);
}

/** An operator who has a saga try again at once means it, whatever is held. */
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

function goOn(draft: Draft): void {
  const { pause, steps, commands } = draft.state;
  endPause(draft);
  // The one that it began with or, if it began before its name had any, the one with which it begins now.
  change(draft, { version: draft.definition.version });
  // It stood still before its first step: for want of its definition, or because of its input.
  const untouched = pause?.reason === 'invalid-input' || Object.keys(steps).length === 0;
  if (untouched && commands === 0) begin(draft);
}

function untouchedSteps(definition: SagaDefinition): Record<string, StepState> {
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
  if (deadlineAt !== undefined && deadlineAt < next && cause === undefined && canTurnBack(draft)) next = deadlineAt;
  return must(next === Number.POSITIVE_INFINITY ? undefined : next, 'a live saga has a next wake-up');
}
