export {
  constant,
  DefinitionRegistry,
  defineSaga,
  exponential,
  type CompensationCause,
  type Duration,
  type RetryOptions,
  type SagaDefinition,
  type Scope,
} from '../definition';
export { fold, type HistoryEntry, type SagaEvent, type SagaState, type SagaStatus, type StepStatus } from '../engine';
export { migrationsIn, SAGA_TRANSPORT, type Log, type OutgoingMessage, type Transport } from '../messaging';
export type { HoldAfter, HoldSettings } from '../holds';
export { SagaRunner, Timers } from '../runner';
export { DueTimers, orchestratorMigrations, parseSagaEvent, parseState, SagaRetention, SagaStore } from '../store';
export { Orchestrator, OrchestratorModule } from './orchestrator-module';
export type { OrchestratorModuleExtras, OrchestratorOptions } from './orchestrator-options';
