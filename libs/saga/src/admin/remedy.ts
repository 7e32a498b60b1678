import { stepsOf, type SagaDefinition } from '../definition';
import { isHeldSaga, statusOfStep, type Ignored, type SagaState } from '../engine';
import type { InterventionEvent } from '../runner';

/** Why the engine ignores an event, and what helps, in words for people. */
export function remedyOf(
  because: Ignored,
  state: SagaState,
  event: InterventionEvent,
  definition: SagaDefinition | undefined,
): string {
  const { status, pause, cause } = state;
  const step = 'step' in event ? event.step : '';
  const held = state.steps[step]?.held ? ', and held' : '';
  const where = `The step ${step} is ${statusOfStep(state, step)}${held}`;
  switch (because) {
    case 'saga-ended':
      return `The saga is ${status}, and an end is final. To make up for what it did, start a new saga.`;
    case 'already-paused':
      return `The saga is paused already (${pause?.reason}: ${pause?.detail}). Resume it: that sends what is unanswered again.`;
    case 'not-paused':
      return isHeldSaga(state)
        ? `The saga is ${status}, not PAUSED: it is held. It goes on when the hold ends, which GET /v1/holds shows; retry has it send now all the same.`
        : `The saga is ${status}, not PAUSED. Use retry to have it send what is unanswered again now.`;
    case 'past-the-pivot':
      return `${pivotOf(state, definition)}, and behind it nothing is taken back. Let the saga end, and make up for it with a new saga, such as a refund.`;
    case 'already-turning-back':
      return `The saga is being taken back already (${cause?.kind}: ${cause?.reason}). Use retry if it takes too long.`;
    case 'nothing-to-resolve':
      return `${where}, and waits for no answer. Only a step that is INVOKED or COMPENSATING can be resolved.`;
    case 'nothing-to-skip':
      return `${where}. Only a compensation that is under way (COMPENSATING) can be skipped.`;
    case 'must-succeed':
      return `${where}, and must succeed in the end. Do it by hand and resolve it as a success, or retry.`;
    case 'already-signalled':
      return `The saga has this signal already, and keeps it for its wait.`;
    case 'not-awaited':
      return `The saga does not wait for this signal any more: its wait is over.`;
    default:
      return `The saga ignores this now: ${because}.`;
  }
}

/** The first step that cannot be taken back, and where it stands. */
function pivotOf({ steps }: SagaState, definition: SagaDefinition | undefined): string {
  const begun = (definition ? stepsOf(definition) : []).find(
    (step) => (step.kind === 'pivot' || step.kind === 'retriable') && steps[step.name]?.status !== 'PENDING',
  );
  if (begun === undefined) return 'The pivot has begun';
  return `The ${begun.kind} step ${begun.name} is ${steps[begun.name]?.status}`;
}
