import type { SagaState } from '../engine';

/** Where a saga stands, in one line for the message of an error. */
export function describeSaga({ status, pause, steps }: SagaState): string {
  const why = pause ? ` (${pause.reason}: ${pause.detail})` : '';
  const each = Object.entries(steps).map(([name, step]) => `${name} ${step.status}`);
  return `The saga is ${status}${why}; ${each.join(', ') || 'no step has begun'}.`;
}
