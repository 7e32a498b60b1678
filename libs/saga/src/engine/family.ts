/*
 * A child and its parent. To the parent, its child is a participant: it starts it by a command, sends that again when no
 * answer comes, and may take it back. The child answers when it has ended, and again whenever it is asked again.
 */
import { shorten, type Parent } from '../contract';
import { CHILD_COMPENSATED } from '../definition';
import { change, must, type Draft } from './draft';
import type { ParentAnswer, UndoEvent } from './event';
import { forOthers } from './scope';
import { hasEnded, type Cause, type SagaState } from './state';

/** What a child that has ended tells its parent. */
export function answerToParent(state: SagaState): ParentAnswer | undefined {
  const { parent, status } = state;
  const cause = state.cause && forOthers(state.cause);
  if (parent === undefined || !hasEnded(state)) return undefined;
  const { undoId, ...to } = parent;
  if (status === 'COMPLETED') return { to, direction: 'action', outcome: 'success' };
  if (undoId !== undefined) return success({ ...to, commandId: undoId });
  const objection = {
    reason: CHILD_COMPENSATED,
    // Long stories are cut: the answer must always fit into a message.
    detail: cause && shorten([cause.step, cause.reason].filter(Boolean).join(': '), 500),
  };
  return { to, direction: 'action', outcome: 'refusal', objection };
}

export function isOwnParent({ parent }: SagaState, event: UndoEvent): boolean {
  return parent?.sagaId === event.parent.sagaId && parent.step === event.parent.step;
}

/** A child that its parent took back before it began: it never will. */
export function neverBegun(
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

/** Turns a child back, from wherever it stands. */
export function takeBack(draft: Draft, { parent: { commandId: undoId } }: UndoEvent): void {
  const parent = { ...must(draft.state.parent, 'a child has a parent'), undoId };
  change(draft, { parent, cause: draft.state.cause ?? BY_PARENT });
  if (draft.state.status === 'COMPLETED') {
    change(draft, { status: 'COMPENSATING', stage: draft.definition.stages.length - 1, endedAt: undefined });
  }
}

/** The answer to an undo that cannot be done any more: nothing was taken back. */
export function pastThePivot(event: UndoEvent): ParentAnswer {
  const objection = { reason: 'past-the-pivot', detail: `${event.definition} cannot be compensated any more` };
  return { to: event.parent, direction: 'compensation', outcome: 'failure', objection };
}

/** The answer to an undo that has been done. */
export function success(to: Parent): ParentAnswer {
  return { to, direction: 'compensation', outcome: 'success' };
}

const BY_PARENT: Cause = { kind: 'parent', reason: 'taken-back-by-its-parent' };
