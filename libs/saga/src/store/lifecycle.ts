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
import { isHeldSaga, type SagaState, type SagaStatus } from '../engine';
import { eventRow, type EventRow } from '../messaging';

/** The lifecycle events of a saga that went through these states, in order. */
export function lifecycleRows(
  before: SagaState | undefined,
  states: readonly SagaState[],
  topics: Topics,
): Omit<EventRow, 'seq'>[] {
  return states.flatMap((state, index) =>
    changes(index === 0 ? before : states[index - 1], state).map((event) => row(event, state, topics)),
  );
}

function changes(before: SagaState | undefined, after: SagaState): EventContract<SagaChanged>[] {
  const was = before ? directionOf(before) : 'RUNNING';
  const is = directionOf(after);
  const wasHeld = before !== undefined && isHeldSaga(before);
  const isHeld = isHeldSaga(after);
  const turned = (was === 'RUNNING' || was === 'COMPLETED') && (is === 'COMPENSATING' || is === 'COMPENSATED');
  return [
    ...(before === undefined ? [sagaStarted] : []),
    ...(before?.status === 'PAUSED' && after.status !== 'PAUSED' ? [sagaResumed] : []),
    ...(wasHeld && !isHeld ? [sagaReleased] : []),
    ...(turned ? [sagaCompensating] : []),
    ...(!wasHeld && isHeld ? [sagaHeld] : []),
    ...(before?.status !== 'PAUSED' && after.status === 'PAUSED' ? [sagaPaused] : []),
    ...(was !== 'COMPLETED' && is === 'COMPLETED' ? [sagaCompleted] : []),
    ...(was !== 'COMPENSATED' && is === 'COMPENSATED' ? [sagaCompensated] : []),
  ];
}

/** The status; of a paused saga, the one to which it returns. */
function directionOf({ status, pause }: SagaState): SagaStatus {
  return status === 'PAUSED' ? (pause?.during ?? 'RUNNING') : status;
}

function row(event: EventContract<SagaChanged>, state: SagaState, topics: Topics): Omit<EventRow, 'seq'> {
  const { id: sagaId, definition, version, subject: businessKey, cause, carried } = state;
  const pause = state.pause && { reason: state.pause.reason, detail: state.pause.detail, step: state.pause.step };
  const held = Object.entries(state.steps).flatMap(([step, { held: is }]) => (is ? step : []));
  const data = { sagaId, definition, version, businessKey, cause, pause, ...(held.length > 0 ? { held } : {}) };
  return eventRow(event, data, topics, carried?.traceparent);
}
