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
export { PAUSE_REASONS, SAGA_STATUSES } from '../engine';
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
  sqlOf,
  type ConnectionSettings,
  type GroupProgress,
  type MemberProgress,
  type Headers,
  type HeaderValue,
  type HealthIndication,
  type IncomingMessage,
  type KafkaConnectionOptions,
  type KafkaOptions,
  type KafkaSasl,
  type PasswordMechanism,
  type MigrationSql,
  type OutgoingMessage,
  type Place,
  type SaslAwsKeys,
  type SaslCredentials,
  type SaslPassword,
  type SubscribeOptions,
  type Subscription,
  type TableLocation,
  type TableMigrationClass,
  type Transport,
} from '../messaging';
export { Orchestrator, OrchestratorModule } from './orchestrator.module';
export type { OrchestratorModuleExtras, OrchestratorOptions } from './orchestrator-options';
