import type { SagaState } from '../engine';

/** Describes a saga's state in one line for an error message. */
export function describeSaga({ status, pause, steps }: SagaState): string {
  const why = pause ? ` (${pause.reason}: ${pause.detail})` : '';
  const each = Object.entries(steps).map(([name, step]) => `${name} ${step.status}`);
  return `The saga is ${status}${why}; ${each.join(', ') || 'no step has begun'}.`;
}
