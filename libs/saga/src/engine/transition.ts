/*
 * The whole protocol as one pure function: no clock, no randomness, no I/O. Time comes in as `now`; ids are derived from
 * the saga's own. What must hold whatever arrives in whatever order (tests cite the numbers):
 *
 * 1. At most one unanswered command per (step, direction); a reply counts only when it names that command's id.
 * 2. A reply that does not count (late, duplicate, for an ended saga) changes nothing but is recorded with why.
 * 3. A parallel stage settles as a whole before it is left or undone; undo runs stages in reverse.
 * 4. A step is compensated if it is DONE or UNKNOWN, never if REFUSED or FAILED.
 * 5. COMPLETED and COMPENSATED are final.
 * 6. Every non-final, non-paused state has a next wake-up time: nothing can wait for ever unseen.
 * 7. After the pivot is DONE nothing compensates; cancel is refused with that reason.
 * 8. The state equals the fold of the history.
 */
import { violations } from '../contract';
import { stepsOf, type SagaDefinition } from '../definition';
import { advance } from './advance';
import { answerNo, endureSilence, succeed } from './answer';
import {
  BrokenInvariantError,
  canTurnBack,
  change,
  invocationOf,
  must,
  pause,
  stepNamed,
  stepState,
  type Draft,
} from './draft';
import type { AnswerEvent, HaltedEvent, PauseEvent, SagaEvent, SendCommand } from './event';
import { attemptNext, sendAgain } from './send';
import { hasEnded, type Pause, type SagaState, type StepState } from './state';

/** Why an event changed nothing. */
export type Ignored =
  | 'already-started'
  | 'saga-ended'
  | 'unknown-step'
  | 'foreign-reply'
  | 'not-awaited'
  | 'nothing-due'
  | 'not-paused'
  | 'already-paused'
  | 'definition-not-missed'
  | 'past-the-pivot'
  | 'already-turning-back';

export interface Turn {
  readonly state: SagaState;
  readonly sends: readonly SendCommand[];
  readonly ignored?: Ignored | undefined;
}

export type StartedEvent = Extract<SagaEvent, { kind: 'started' }>;
/** What needs no definition. */
type HaltingEvent = HaltedEvent | PauseEvent;
type LiveEvent = Exclude<SagaEvent, StartedEvent | HaltingEvent>;

/** What the saga becomes by this event, and the commands that this sends. `state` is undefined before it started. */
export function transition(
  definition: SagaDefinition,
  state: SagaState | undefined,
  event: SagaEvent,
  now: number,
): Turn {
  if (event.kind === 'halted' || event.kind === 'pause') return halt(state, event, now);
  if (event.kind === 'started') {
    if (state) return { state, sends: [], ignored: 'already-started' };
    return event.halted === undefined ? start(definition, event, now) : startHalted(event, now);
  }
  if (state === undefined) throw new BrokenInvariantError('Broken invariant: a saga starts first.');
  const ignored = whyIgnored(definition, state, event, now);
  if (ignored) return { state, sends: [], ignored };
  const draft: Draft = { definition, now, state, sends: [] };
  take(draft, event);
  advance(draft);
  return finish(draft);
}

/** What becomes of a saga with or without its definition: it keeps what it has and stands still. */
export function halt(state: SagaState | undefined, event: HaltingEvent | StartedEvent, now: number): Turn {
  if (event.kind === 'started')
    return state ? { state, sends: [], ignored: 'already-started' } : startHalted(event, now);
  const halted = must(state, 'a saga starts before it is halted');
  const ignored = whyNotHalted(halted, event);
  if (ignored) return { state: halted, sends: [], ignored };
  const because =
    event.kind === 'halted'
      ? { reason: event.because, detail: event.detail }
      : { reason: 'operator' as const, detail: `${event.by}: ${event.reason}` };
  const during = halted.status === 'COMPENSATING' ? halted.status : (halted.pause?.during ?? 'RUNNING');
  const pause: Pause = { ...because, during, at: now };
  return { state: { ...halted, status: 'PAUSED', pause, wakeAt: undefined }, sends: [] };
}

/** A saga that only its definition keeps from going on can still be held for another reason, so that it does not. */
function whyNotHalted(state: SagaState, event: HaltingEvent): Ignored | undefined {
  if (hasEnded(state)) return 'saga-ended';
  const missed = state.pause?.reason === 'definition-missing';
  const again = event.kind === 'halted' && event.because === 'definition-missing';
  return state.status === 'PAUSED' && (!missed || again) ? 'already-paused' : undefined;
}

function startHalted({ sagaId: id, kind: _kind, halted, because, ...rest }: StartedEvent, now: number): Turn {
  const pause: Pause = { reason: because ?? 'definition-missing', detail: halted ?? '', during: 'RUNNING', at: now };
  const state: SagaState = { id, ...rest, status: 'PAUSED', stage: 0, commands: 0, steps: {}, startedAt: now, pause };
  return { state, sends: [] };
}

function start(definition: SagaDefinition, event: StartedEvent, now: number): Turn {
  const { sagaId: id, kind: _kind, ...rest } = event;
  const state: SagaState = { id, ...rest, status: 'RUNNING', stage: 0, commands: 0, steps: {}, startedAt: now };
  const draft: Draft = { definition, now, state, sends: [] };
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
  const wrong = violations(definition.input, state.input);
  // A saga that is cancelled goes back whatever its input.
  if (wrong.length === 0 || state.cause) return;
  const detail = wrong.map(({ field, problem }) => `${field} ${problem}`).join('; ');
  pause(draft, 'invalid-input', `The input of ${definition.name} is not valid: ${detail}.`);
}

function whyIgnored(definition: SagaDefinition, state: SagaState, event: LiveEvent, now: number): Ignored | undefined {
  if (hasEnded(state)) return 'saga-ended';
  switch (event.kind) {
    case 'time-passed':
      return state.wakeAt === undefined || state.wakeAt > now ? 'nothing-due' : undefined;
    case 'definition-found':
      return state.pause?.reason === 'definition-missing' ? undefined : 'definition-not-missed';
    case 'retry':
      return state.status === 'PAUSED' ? 'already-paused' : undefined;
    case 'resume':
      return state.status === 'PAUSED' ? undefined : 'not-paused';
    case 'cancel':
      if (state.cause) return 'already-turning-back';
      return canTurnBack({ definition, now, state, sends: [] }) ? undefined : 'past-the-pivot';
    default:
      return whyUnawaited(definition, state, event);
  }
}

function whyUnawaited(definition: SagaDefinition, state: SagaState, answer: AnswerEvent): Ignored | undefined {
  const step = stepNamed(definition, answer.step);
  if (step === undefined) return 'unknown-step';
  const exchange = state.steps[step.name]?.exchange;
  const awaited =
    exchange?.waitsFor === 'reply' &&
    exchange.commandId === answer.commandId &&
    exchange.direction === answer.direction;
  if (!awaited) return 'not-awaited';
  return invocationOf(step, answer.direction).command.service === answer.from ? undefined : 'foreign-reply';
}

function take(draft: Draft, event: LiveEvent): void {
  switch (event.kind) {
    case 'time-passed':
      return passTime(draft);
    case 'definition-found':
      change(draft, { version: draft.definition.version });
      goOn(draft);
      return wakeAll(draft);
    case 'resume':
      goOn(draft);
      return wakeAll(draft);
    case 'retry':
      return wakeAll(draft);
    case 'cancel':
      change(draft, { cause: { kind: 'cancelled', reason: event.reason, detail: event.by } });
      return draft.state.status === 'PAUSED' ? goOn(draft) : undefined;
    default:
      return takeAnswer(draft, event);
  }
}

function takeAnswer(draft: Draft, answer: AnswerEvent): void {
  const step = must(stepNamed(draft.definition, answer.step), 'an awaited step is defined');
  // The engine paused for want of just this answer: with it, nothing keeps the saga.
  const { pause } = draft.state;
  if (pause?.step === step.name && answer.kind !== 'broken') goOn(draft);
  if (answer.kind === 'replied') succeed(draft, step, answer.reply);
  else answerNo(draft, step, answer);
}

/** Does what is due: a deadline first, since it decides whether a failed step is attempted again. */
function passTime(draft: Draft): void {
  const { deadlineAt, cause } = draft.state;
  if (deadlineAt !== undefined && deadlineAt <= draft.now && cause === undefined && canTurnBack(draft)) {
    change(draft, { cause: { kind: 'deadline', reason: 'deadline' } });
    advance(draft);
  }
  for (const step of stepsOf(draft.definition)) {
    const { exchange } = stepState(draft, step);
    if (exchange === undefined || exchange.wakeAt > draft.now || draft.state.status === 'PAUSED') continue;
    if (exchange.waitsFor === 'reply') endureSilence(draft, step);
    else attemptNext(draft, step, exchange);
  }
}

function wakeAll(draft: Draft): void {
  for (const step of stepsOf(draft.definition)) {
    const { exchange } = stepState(draft, step);
    if (exchange?.waitsFor === 'reply') sendAgain(draft, step);
    else if (exchange) attemptNext(draft, step, exchange);
  }
}

function goOn(draft: Draft): void {
  const { pause, commands } = draft.state;
  if (pause === undefined) return;
  change(draft, { status: pause.during, pause: undefined });
  // It stood still before its first command: for want of its definition, or because of its input.
  if (commands === 0) begin(draft);
}

function untouchedSteps(definition: SagaDefinition): Record<string, StepState> {
  const steps: Record<string, StepState> = {};
  for (const { name, kind } of stepsOf(definition))
    steps[name] = { status: kind === 'compensation' ? 'DONE' : 'PENDING' };
  return steps;
}

function finish(draft: Draft): Turn {
  const wakeAt = nextWakeUp(draft);
  if (draft.state.wakeAt !== wakeAt) change(draft, { wakeAt });
  return { state: draft.state, sends: draft.sends };
}

function nextWakeUp(draft: Draft): number | undefined {
  const { state } = draft;
  if (hasEnded(state) || state.status === 'PAUSED') return undefined;
  let next = Number.POSITIVE_INFINITY;
  for (const { exchange } of Object.values(state.steps)) if (exchange && exchange.wakeAt < next) next = exchange.wakeAt;
  const { deadlineAt, cause } = state;
  if (deadlineAt !== undefined && deadlineAt < next && cause === undefined && canTurnBack(draft)) next = deadlineAt;
  return must(next === Number.POSITIVE_INFINITY ? undefined : next, 'a live saga has a next wake-up');
}
