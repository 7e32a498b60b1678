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
export type { SagaState, SagaStatus, StepStatus } from '../engine';
export {
  migrationsIn,
  SAGA_TRANSPORT,
  sqlOf,
  type GroupProgress,
  type MigrationSql,
  type TableLocation,
  type ConnectionSettings,
  type KafkaConnectionOptions,
  type KafkaOptions,
  type KafkaSasl,
  type SaslAwsKeys,
  type SaslCredentials,
  type SaslPassword,
  type OutgoingMessage,
  type Transport,
} from '../messaging';
export { Orchestrator, OrchestratorModule } from './orchestrator.module';
export type { OrchestratorModuleExtras, OrchestratorOptions } from './orchestrator-options';
