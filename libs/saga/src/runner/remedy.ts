import { stepsOf, type SagaDefinition } from '../definition';
import { isHeldSaga, SagaMask, statusOfStep, type Ignored, type SagaState } from '../engine';
import type { InterventionEvent } from './preview-event';

/** Explains to an operator why the engine ignored an event, and what to do instead. */
export function remedyOf(
  because: Ignored,
  state: SagaState,
  event: InterventionEvent,
  definition: SagaDefinition | undefined,
): string {
  const { status, pause, cause } = new SagaMask(definition, state).state;
  const step = 'step' in event ? event.step : '';
  const held = state.steps[step]?.held ? ', and held' : '';
  const where = `The step ${step} is ${statusOfStep(state, step)}${held}`;
  switch (because) {
    case 'saga-ended':
      return `The saga is ${status}, which is final. Start a new saga to correct what it did.`;
    case 'already-paused':
      return `The saga is already paused (${pause?.reason}: ${pause?.detail}). Resume it: that sends unanswered commands again.`;
    case 'not-paused':
      return isHeldSaga(state)
        ? `The saga is ${status}, not PAUSED: it is held. It continues when the hold ends, which GET /v1/holds shows; retry sends the command now.`
        : `The saga is ${status}, not PAUSED. Use retry to send unanswered commands again now.`;
    case 'past-the-pivot':
      return `${pivotOf(state, definition)}, and after it nothing is compensated. Let the saga end, and correct it with a new saga, such as a refund.`;
    case 'already-turning-back':
      return `The saga is already compensating (${cause?.kind}: ${cause?.reason}). Use retry if it takes too long.`;
    case 'nothing-to-resolve':
      return `${where}, and waits for no answer. Only a step that is INVOKED or COMPENSATING can be resolved.`;
    case 'nothing-to-skip':
      return `${where}. Only a running compensation (COMPENSATING) can be skipped.`;
    case 'must-succeed':
      return `${where}, and must succeed. Do it by hand and resolve it as a success, or retry.`;
    case 'already-signalled':
      return `The saga already has this signal, and stores it for its wait.`;
    case 'not-awaited':
      return `The saga no longer waits for this signal: its wait is over.`;
    default:
      return `The saga ignores this now: ${because}.`;
  }
}

/** Describes the first step that cannot be compensated, with its status. */
function pivotOf({ steps }: SagaState, definition: SagaDefinition | undefined): string {
  const begun = (definition ? stepsOf(definition) : []).find(
    (step) => (step.kind === 'pivot' || step.kind === 'retriable') && steps[step.name]?.status !== 'PENDING',
  );
  if (begun === undefined) return 'The pivot has begun';
  return `The ${begun.kind} step ${begun.name} is ${steps[begun.name]?.status}`;
}
