import { allStepsOf } from '../definition';
import type { SagaState, StepState } from '../engine';
import type { StepEffect } from './diagnosis';
import type { Situation } from './situation';

/** Returns what the steps that have begun have done to the world; waits do nothing. */
export function effectsOf({ definition, state }: Situation): readonly StepEffect[] {
  if (definition === undefined) return [];
  return allStepsOf(definition, state.groups).flatMap((step) => {
    const at = state.steps[step.name];
    const command = (step.action ?? step.compensation)?.command.name;
    const effect = at && effectOf(step.name, at, state);
    return effect === undefined || command === undefined ? [] : [{ step: step.name, command, effect }];
  });
}

function effectOf(name: string, at: StepState, { pause }: SagaState): StepEffect['effect'] | undefined {
  switch (at.status) {
    case 'PENDING':
    case 'SKIPPED':
      return undefined;
    case 'REFUSED':
    case 'FAILED':
      return 'none';
    case 'DONE':
      return 'done';
    case 'UNKNOWN':
      return 'unknown';
    case 'COMPENSATED':
      return 'compensated';
    case 'COMPENSATION_SKIPPED':
      return 'kept';
    default:
      return effectInFlight(at, pause?.step === name);
  }
}

/** A failure proves that its attempt had no effect, unless a third party acted. */
function effectInFlight({ status, exchange, objection }: StepState, isPaused: boolean): StepEffect['effect'] {
  if (exchange?.unknown !== undefined || objection?.unfinished) return 'unknown';
  if (exchange?.waitsFor === 'next-attempt') return status === 'COMPENSATING' ? 'done' : 'none';
  return isPaused ? 'unknown' : 'under-way';
}
