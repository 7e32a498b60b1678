/*
 * Whoever may write to the orchestrator's commands can claim to be a parent: to have a saga answer to a step that waits for
 * something else, or to take back a child that has completed. The ids of sagas are in every command of theirs, so they prove
 * nothing. A parent's command ids do: they are made of its secret (decision 0045), and go to the orchestrator alone.
 */
import type { Parent } from '../contract';
import type { SagaEvent, SagaState } from '../engine';
import { childSagaId } from './child-message';
import type { SagaInput } from './saga-input';

/** The parent that a message claims to come from, unless it changes nothing: a second start only has the first answered again. */
export function claimedParent({ event }: SagaInput, child: SagaState | undefined): Parent | undefined {
  if (event.kind === 'undo') return event.parent.commandId === child?.parent?.undoId ? undefined : event.parent;
  return event.kind === 'started' && child === undefined ? event.parent : undefined;
}

/** Whether this saga has the step that waits for this child, and gave the command. */
export function isParentOf(
  saga: SagaState | undefined,
  event: SagaEvent,
  claimed: Parent,
  child: SagaState | undefined,
): boolean {
  const step = saga?.steps[claimed.step];
  if (step?.actionId === undefined) return false;
  if (event.kind === 'undo' && child !== undefined) {
    const { exchange } = step;
    return exchange?.direction === 'compensation' && exchange.commandId === claimed.commandId;
  }
  // An undo of what has not begun may come late; the id of the child, which nobody has seen, proves it as well.
  const isItsChild = 'sagaId' in event && childSagaId(step.actionId) === event.sagaId;
  return isItsChild && (event.kind === 'undo' || step.actionId === claimed.commandId);
}
