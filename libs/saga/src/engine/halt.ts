/*
 * Handles sagas that cannot continue: they keep their state and are paused. None of this needs the definition, which
 * may be missing.
 */
import { must } from './draft';
import type { HaltedEvent, Ignored, PauseEvent, SagaEvent, TransitionResult } from './event';
import { answerToParent } from './family';
import { hasEnded, type Pause, type SagaState } from './state';

export type StartedEvent = Extract<SagaEvent, { kind: 'started' }>;
/** The events that need no definition. */
export type HaltingEvent = HaltedEvent | PauseEvent;

/** Applies an event that needs no definition, registered or not; the saga keeps its state and is paused. */
export function halt(state: SagaState | undefined, event: HaltingEvent | StartedEvent, now: number): TransitionResult {
  if (event.kind === 'started') return state ? repeatedStart(state) : startHalted(event, now);
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

/**
 * A saga that is paused only because its definition is missing can be paused for another reason, so that it does not
 * continue when the definition is registered.
 */
function whyNotHalted(state: SagaState, event: HaltingEvent): Ignored | undefined {
  if (hasEnded(state)) return 'saga-ended';
  const missed = state.pause?.reason === 'definition-missing';
  const again = event.kind === 'halted' && event.because === 'definition-missing';
  return state.status === 'PAUSED' && (!missed || again) ? 'already-paused' : undefined;
}

export function startHalted(
  { sagaId: id, kind: _kind, held: _held, halted, because, ...rest }: StartedEvent,
  now: number,
): TransitionResult {
  const pause: Pause = { reason: because ?? 'definition-missing', detail: halted ?? '', during: 'RUNNING', at: now };
  const state: SagaState = { id, ...rest, status: 'PAUSED', stage: 0, commands: 0, steps: {}, startedAt: now, pause };
  return { state, sends: [] };
}

/** A second start changes nothing; a parent that re-sends the start gets the reply of its ended child again. */
export function repeatedStart(state: SagaState): TransitionResult {
  return { state, sends: [], answer: answerToParent(state), ignored: 'already-started' };
}
