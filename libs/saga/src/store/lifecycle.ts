import {
  sagaCompensated,
  sagaCompensating,
  sagaCompleted,
  sagaHeld,
  sagaPaused,
  sagaReleased,
  sagaResumed,
  sagaStarted,
  type EventContract,
  type SagaChanged,
  type Topics,
} from '../contract';
import { changesBetween, type SagaChange, type SagaState } from '../engine';
import { eventRow, type EventRow } from '../messaging';

/** The lifecycle events of a saga that went through these states, in order. */
export function lifecycleRows(
  before: SagaState | undefined,
  states: readonly SagaState[],
  topics: Topics,
): Omit<EventRow, 'seq'>[] {
  return states.flatMap((state, index) =>
    changesBetween(index === 0 ? before : states[index - 1], state).map((change) => row(EVENTS[change], state, topics)),
  );
}

const EVENTS: Readonly<Record<SagaChange, EventContract<SagaChanged>>> = {
  started: sagaStarted,
  resumed: sagaResumed,
  released: sagaReleased,
  compensating: sagaCompensating,
  held: sagaHeld,
  paused: sagaPaused,
  completed: sagaCompleted,
  compensated: sagaCompensated,
};

function row(event: EventContract<SagaChanged>, state: SagaState, topics: Topics): Omit<EventRow, 'seq'> {
  const { id: sagaId, definition, version, subject: businessKey, cause, carried } = state;
  const pause = state.pause && { reason: state.pause.reason, detail: state.pause.detail, step: state.pause.step };
  const held = Object.entries(state.steps).flatMap(([step, { held: is }]) => (is ? step : []));
  const data = { sagaId, definition, version, businessKey, cause, pause, ...(held.length > 0 ? { held } : {}) };
  return eventRow(event, data, topics, carried?.traceparent);
}
