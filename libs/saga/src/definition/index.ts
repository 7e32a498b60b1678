export { durationOf, milliseconds, type Duration } from '../contract';
export { allStepsOf, branchesOf, MAX_ITEMS, stepNamed, stepsOfStage } from './branches';
export { defineSaga, type AfterPivot, type BeforePivot } from './builder';
export { CHILD_COMPENSATED, startOf, undoOf } from './child';
export {
  commandsOf,
  stepsOf,
  type ForEach,
  type CommandSpec,
  type ReversibleDefinition,
  type SagaDefinition,
  type StageDefinition,
  type StepDefinition,
  type StepKind,
  type Wait,
} from './definition';
export { outlivesMemory, rememberedMs } from './memory';
export { fingerprint } from './fingerprint';
export { placeOf } from './places';
export { DefinitionRegistry } from './registry';
export { constant, delayAfter, exponential, type Backoff } from './retry-policy';
export type { CompensationCause, RetryOptions, SagaOptions, Scope } from './step-options';
