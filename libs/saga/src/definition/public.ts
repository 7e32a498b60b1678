/* The entry point `@palinode/saga/definition`: what applications use. Other layers of the library import `index.ts`. */
export type { Duration } from '../contract';
export { defineSaga, type AfterPivot, type BeforePivot } from './builder';
export type {
  ForEach,
  CommandSpec,
  ReversibleDefinition,
  SagaDefinition,
  StageDefinition,
  StepDefinition,
  StepKind,
  Wait,
} from './definition';
export { constant, exponential, type Backoff } from './retry-policy';
export type { CompensationCause, RetryOptions, SagaOptions, Scope } from './step-options';
