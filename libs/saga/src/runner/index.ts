export { AwaitedDefinitions } from './awaited-definitions';
export { childSagaId } from './command-message';
export { SagaHistoryRecorder } from './saga-history-recorder';
export { Interventions, type Intervention, type NotTaken, type Preview } from './interventions';
export { ParticipantMemory } from './participant-memory';
export { previewEvent, type InterventionEvent } from './preview-event';
export { remedyOf } from './remedy';
export { SagaRunner } from './saga-runner';
export { Timers } from './timers';
