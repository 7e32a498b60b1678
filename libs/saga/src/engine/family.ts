/*
 * Child sagas and their parents. For its parent a child is a participant: the parent starts it by a command, re-sends
 * the command when no reply arrives, and may compensate it. The child replies when it has ended, and again to each
 * re-send.
 */
import { shorten, type Parent } from '../contract';
import { CHILD_COMPENSATED } from '../definition';
import { change, type Draft, publicCause, must } from './draft';
import type { ParentAnswer, UndoEvent } from './event';
import { hasEnded, type Cause, type SagaState } from './state';

/** Returns the reply of an ended child to its parent. */
export function answerToParent(state: SagaState): ParentAnswer | undefined {
  const { parent, status } = state;
  const cause = state.cause && publicCause(state.cause);
  if (parent === undefined || !hasEnded(state)) return undefined;
  const { undoId, ...to } = parent;
  if (status === 'COMPLETED') return { to, direction: 'action', outcome: 'success' };
  if (undoId !== undefined) return compensationReply({ ...to, commandId: undoId });
  const objection = {
    reason: CHILD_COMPENSATED,
    // Long texts are cut: the reply must always fit into a message.
    detail: cause && shorten([cause.step, cause.reason].filter(Boolean).join(': '), 500),
  };
  return { to, direction: 'action', outcome: 'refusal', objection };
}

export function isOwnParent({ parent }: SagaState, event: UndoEvent): boolean {
  return parent?.sagaId === event.parent.sagaId && parent.step === event.parent.step;
}

/** Returns the state of a child that its parent compensated before its start arrived: the child never begins. */
export function compensatedBeforeStart(
  { kind: _kind, held: _held, parent, sagaId: id, ...rest }: UndoEvent,
  now: number,
): SagaState {
  return {
    id,
    ...rest,
    status: 'COMPENSATED',
    stage: 0,
    commands: 0,
    steps: {},
    startedAt: now,
    endedAt: now,
    cause: BY_PARENT,
    parent: { ...parent, undoId: parent.commandId },
  };
}

/** Compensates a child from any state. */
export function compensateChild(draft: Draft, { parent: { commandId: undoId } }: UndoEvent): void {
  const parent = { ...must(draft.state.parent, 'a child has a parent'), undoId };
  change(draft, { parent, cause: draft.state.cause ?? BY_PARENT });
  if (draft.state.status === 'COMPLETED') {
    change(draft, { status: 'COMPENSATING', stage: draft.definition.stages.length - 1, endedAt: undefined });
  }
}

/** The reply to a compensation that is no longer possible: nothing was compensated. */
export function pastThePivotReply(event: UndoEvent): ParentAnswer {
  const objection = { reason: 'past-the-pivot', detail: `${event.definition} cannot be compensated any more` };
  return { to: event.parent, direction: 'compensation', outcome: 'failure', objection };
}

/** The reply to a finished compensation. */
export function compensationReply(to: Parent): ParentAnswer {
  return { to, direction: 'compensation', outcome: 'success' };
}

const BY_PARENT: Cause = { kind: 'parent', reason: 'taken-back-by-its-parent' };
