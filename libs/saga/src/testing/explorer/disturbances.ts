import { stepsOf } from '../../definition';
import type { SagaState } from '../../engine';
import type { Explored, Move } from './moves';
import type { Scene } from './scene';

/** Whether nothing of this move is anybody's ill will: success, an answer, time, an operator who resumes. */
export function isKind(move: Move): boolean {
  switch (move.kind) {
    case 'hand over':
      return move.luck.kind === 'success';
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
 * Whether this move disturbs the saga on its shortest way to an end: a refusal, a failure, silence, an operator, a signal
 * that nobody waits for yet.
 */
export function isDisturbance(move: Move, { saga }: Scene, explored: Explored): boolean {
  switch (move.kind) {
    case 'wait':
      return saga.status === 'PAUSED' ? saga.pause?.reason === 'operator' : isOwedAnAnswer(saga);
    case 'signal':
      return !isAwaited(move.signal, saga, explored) || explored.signals.find(isSameSignal(move)) !== move;
    default:
      return !isKind(move);
  }
}

function isOwedAnAnswer(saga: SagaState): boolean {
  return isOwedAReply(saga) || Object.values(saga.steps).some(({ awaitsUntil }) => awaitsUntil !== undefined);
}

/** Whether a participant has not answered yet. */
export function isOwedAReply({ steps }: SagaState): boolean {
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
