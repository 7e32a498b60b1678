import { branchesOf, type StepDefinition } from '../definition';
import type { SagaState } from '../engine';

/** A forEach runs as one step for each item; before it has looked for its items, it shows as one. */
export function runningSteps(step: StepDefinition, { groups }: SagaState): readonly StepDefinition[] {
  const items = groups?.[step.name];
  return step.forEach && items !== undefined ? branchesOf(step, items) : [step];
}
