/*
 * Checks that a message about a child comes from the child's parent. Anyone who may write to the orchestrator's command
 * topic can claim to be a parent: to have a saga reply to a step that waits for something else, or to compensate a
 * completed child. Saga ids are in every command, so they prove nothing. A parent's command ids do: they are derived
 * from its secret (decision 0045) and are sent only to the orchestrator.
 */
import type { Parent } from '../contract';
import type { SagaEvent, SagaState } from '../engine';
import { childSagaId } from './child-message';
import type { SagaInput } from './saga-input';

/**
 * The parent that a message claims to come from. Undefined when the message changes nothing: a repeated start or undo
 * only repeats the reply.
 */
export function claimedParent({ event }: SagaInput, child: SagaState | undefined): Parent | undefined {
  if (event.kind === 'undo') return event.parent.commandId === child?.parent?.undoId ? undefined : event.parent;
  return event.kind === 'started' && child === undefined ? event.parent : undefined;
}

/** Whether this saga has the step that waits for this child, and has sent the command. */
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
  // An undo of a child that has not begun may arrive late; the child's id, which only the parent knows, proves it as
  // well.
  const isItsChild = 'sagaId' in event && childSagaId(step.actionId) === event.sagaId;
  return isItsChild && (event.kind === 'undo' || step.actionId === claimed.commandId);
}
