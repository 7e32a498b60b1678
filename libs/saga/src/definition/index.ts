export { defineSaga, type AfterPivot, type BeforePivot } from './builder';
export {
  stepsOf,
  type Invocation,
  type SagaDefinition,
  type StageDefinition,
  type StepDefinition,
  type StepKind,
} from './definition';
export { milliseconds, type Duration } from './duration';
export { DefinitionRegistry } from './registry';
export { constant, delayAfter, exponential, type Backoff } from './retry-policy';
export type { CompensationCause, RetryOptions, SagaOptions, Scope } from './step-options';
