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
export type { HoldAfter, HoldSettings } from './holds/hold-settings';
export { DueTimers } from './due-timers';
export { orchestratorMigrations } from './migrations';
export { Orchestrator, OrchestratorModule } from './orchestrator-module';
export type { OrchestratorModuleExtras, OrchestratorOptions } from './orchestrator-options';
export { SagaRetention } from './saga-retention';
export { SagaRunner } from './saga-runner';
export { SagaStore } from './saga-store';
export { parseSagaEvent, parseState } from './stored-state';
export { Timers } from './timers';
