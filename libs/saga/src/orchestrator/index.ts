export {
  constant,
  defineSaga,
  exponential,
  type CompensationCause,
  type Duration,
  type RetryOptions,
  type SagaDefinition,
  type Scope,
} from '../definition';
export type { HoldAfter, HoldSettings } from '../holds';
export { orchestratorMigrations } from '../store';
export type {
  Cause,
  Held,
  Invocation,
  ParentLink,
  Pause,
  PauseReason,
  SagaState,
  SagaStatus,
  StepState,
  StepStatus,
} from '../engine';
export {
  migrationsIn,
  SAGA_TRANSPORT,
  type Headers,
  type HeaderValue,
  type HealthIndication,
  type IncomingMessage,
  type KafkaOptions,
  type Migration,
  type OutgoingMessage,
  type Place,
  type SubscribeOptions,
  type Subscription,
  type Transport,
} from '../messaging';
export { Orchestrator, OrchestratorModule } from './orchestrator.module';
export type { OrchestratorModuleExtras, OrchestratorOptions } from './orchestrator-options';
