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
export type { Log, OutgoingMessage, Transport } from '../messaging';
export type { HoldAfter, HoldSettings } from './holds/hold-settings';
export { DueTimers } from './due-timers';
export { orchestratorMigrations } from './migrations';
export { Orchestrator, OrchestratorModule, type OrchestratorOptions } from './orchestrator-module';
export { SagaRetention } from './saga-retention';
export { SagaRunner } from './saga-runner';
export { SagaStore } from './saga-store';
export { parseState } from './stored-state';
export { Timers } from './timers';
