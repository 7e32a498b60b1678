export { DueTimers } from './due-timers';
export { orchestratorMigrations } from './migrations';
export { recordAction } from './operator-action';
export { mayBeDeleted, SagaRetention } from './saga-retention';
export { SagaStore, type OutgoingCommand, type SagaUpdate, type StoredSaga } from './saga-store';
export { NOTE_KINDS, parseSagaEvent, parseState, storedEvent } from './stored-state';
