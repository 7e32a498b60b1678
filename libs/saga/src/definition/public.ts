/* The entry point `@palinode/saga/definition`: what applications use. Other layers of the library import `index.ts`. */
export type { Duration } from '../contract';
export {
  defineSaga,
  type AfterPivot,
  type BeforePivot,
  type CompensatableBranch,
  type CompensatableItem,
  type RetriableBranch,
  type RetriableItem,
} from './builder';
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
export type {
  Branch,
  ChildOptions,
  CommandOptions,
  CompensationCause,
  CompensationScope,
  ForEachOptions,
  InputOf,
  Invoke,
  InvokeCompensatable,
  InvokeSurely,
  ItemScope,
  MapperScope,
  RetryOptions,
  SagaOptions,
  Scope,
  WaitForSure,
  WaitOptions,
} from './step-options';
