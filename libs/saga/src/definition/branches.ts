/*
 * A forEach is defined once and runs one branch per item. The branch for the n-th item of `parcels` is the step
 * `parcels[n]`, counted from 0; it is created on first use and then reused.
 */
import type { SagaDefinition, StageDefinition, StepDefinition } from './definition';

/** More items would make the saga's state too large to be written at every step. */
export const MAX_ITEMS = 200;

const made = new WeakMap<StepDefinition, StepDefinition[]>();

/** Returns the branches of a forEach for this number of items. */
export function branchesOf(step: StepDefinition, count: number): readonly StepDefinition[] {
  const branches = made.get(step) ?? [];
  made.set(step, branches);
  for (let index = branches.length; index < count; index += 1) {
    const { forEach: _forEach, ...rest } = step;
    branches.push(Object.freeze({ ...rest, name: `${step.name}[${index}]`, branch: { of: step, index } }));
  }
  return branches.length === count ? branches : branches.slice(0, count);
}

/** Returns the steps of a stage, with the branches of each forEach; `counts` has their numbers by name. */
export function stepsOfStage(
  { steps }: StageDefinition,
  counts: Readonly<Record<string, number>> = {},
): readonly StepDefinition[] {
  if (!steps.some(({ forEach }) => forEach)) return steps;
  return steps.flatMap((step) => (step.forEach ? branchesOf(step, counts[step.name] ?? 0) : [step]));
}

/** Returns all steps of a saga, with the branches of each forEach that has begun. */
export function allStepsOf(
  { stages }: SagaDefinition,
  counts?: Readonly<Record<string, number>>,
): readonly StepDefinition[] {
  return stages.flatMap((stage) => stepsOfStage(stage, counts));
}

/** Returns the step with this name, which may be a branch of a forEach. */
export function stepNamed(definition: SagaDefinition, name: string): StepDefinition | undefined {
  const [, group, index] = /^(.+)\[(\d{1,3})\]$/.exec(name) ?? [];
  const defined = definedStep(definition, group ?? name);
  if (group === undefined) return defined?.forEach ? undefined : defined;
  return defined?.forEach && Number(index) < MAX_ITEMS
    ? branchesOf(defined, Number(index) + 1)[Number(index)]
    : undefined;
}

function definedStep({ stages }: SagaDefinition, name: string): StepDefinition | undefined {
  for (const { steps } of stages) for (const step of steps) if (step.name === name) return step;
  return undefined;
}
