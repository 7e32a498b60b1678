import { isHeldSaga, type SagaState, type SagaStatus } from './state';

/** What may become of a saga, as told to others: by lifecycle events and in the log. */
export type SagaChange =
  'started' | 'resumed' | 'released' | 'compensating' | 'held' | 'paused' | 'completed' | 'compensated';

/** What became of the saga from one state to the next, in order. */
export function changesBetween(before: SagaState | undefined, after: SagaState): SagaChange[] {
  const was = before ? directionOf(before) : 'RUNNING';
  const is = directionOf(after);
  const wasHeld = before !== undefined && isHeldSaga(before);
  const isHeld = isHeldSaga(after);
  const turned = (was === 'RUNNING' || was === 'COMPLETED') && (is === 'COMPENSATING' || is === 'COMPENSATED');
  const changes: [SagaChange, boolean][] = [
    ['started', before === undefined],
    ['resumed', before?.status === 'PAUSED' && after.status !== 'PAUSED'],
    ['released', wasHeld && !isHeld],
    ['compensating', turned],
    ['held', !wasHeld && isHeld],
    ['paused', before?.status !== 'PAUSED' && after.status === 'PAUSED'],
    ['completed', was !== 'COMPLETED' && is === 'COMPLETED'],
    ['compensated', was !== 'COMPENSATED' && is === 'COMPENSATED'],
  ];
  return changes.flatMap(([change, happened]) => (happened ? change : []));
}

/** The status; of a paused saga, the one to which it returns. */
function directionOf({ status, pause }: SagaState): SagaStatus {
  return status === 'PAUSED' ? (pause?.during ?? 'RUNNING') : status;
}
