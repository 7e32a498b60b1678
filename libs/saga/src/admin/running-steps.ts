import { branchesOf, type StepDefinition } from '../definition';
import type { SagaState } from '../engine';

/** Returns the branches of a forEach, one per item; the step itself before it has begun. */
export function runningSteps(step: StepDefinition, { groups }: SagaState): readonly StepDefinition[] {
  const items = groups?.[step.name];
  return step.forEach && items !== undefined ? branchesOf(step, items) : [step];
}
