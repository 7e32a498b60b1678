import { stepsOf } from '../../definition';
import type { SagaState } from '../../engine';
import type { Explored, Move } from './moves';
import type { Scene } from './scene';

/** True for moves of undisturbed operation: success, a reply, passing time, an operator who resumes. */
export function isBenign(move: Move): boolean {
  switch (move.kind) {
    case 'handle':
      return move.outcome.kind === 'success';
    case 'operate':
      return move.action === 'resume';
    case 'resolve':
    case 'skip':
    case 'hold':
      return false;
    default:
      return true;
  }
}

/**
 * True when this move disturbs the saga on its shortest way to an end: a refusal, a failure, a missing answer, an
 * operator, a signal before its wait.
 */
export function isDisturbance(move: Move, { saga }: Scene, explored: Explored): boolean {
  switch (move.kind) {
    case 'wait':
      return saga.status === 'PAUSED' ? saga.pause?.reason === 'operator' : isAnswerMissing(saga);
    case 'signal':
      return !isAwaited(move.signal, saga, explored) || explored.signals.find(isSameSignal(move)) !== move;
    default:
      return !isBenign(move);
  }
}

function isAnswerMissing(saga: SagaState): boolean {
  return isReplyMissing(saga) || Object.values(saga.steps).some(({ awaitsUntil }) => awaitsUntil !== undefined);
}

/** True when a participant has not replied yet. */
export function isReplyMissing({ steps }: SagaState): boolean {
  return Object.values(steps).some(({ exchange }) => exchange?.waitsFor === 'reply');
}

function isAwaited(signal: string, { steps }: SagaState, { definition }: Explored): boolean {
  return stepsOf(definition).some(
    ({ name, wait }) => wait?.signal.name === signal && steps[name]?.awaitsUntil !== undefined,
  );
}

function isSameSignal({ signal }: Extract<Move, { kind: 'signal' }>) {
  return (other: Extract<Move, { kind: 'signal' }>): boolean => other.signal === signal;
}
