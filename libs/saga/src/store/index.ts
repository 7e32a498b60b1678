export { Conditions } from './conditions';
export { DueTimers } from './due-timers';
export { IncidentRepair } from './incident-repair';
export { orchestratorMigrations } from './migrations';
export { recordAction } from './operator-action';
export { sagaConditions, type SagaFilter } from './saga-filter';
export { mayBeDeleted, SagaRetention } from './saga-retention';
export { SagaStore, type OutgoingCommand, type SagaUpdate, type StoredSaga } from './saga-store';
export { NOTE_KINDS, parseSagaEvent, parseState, storedEvent } from './stored-state';
