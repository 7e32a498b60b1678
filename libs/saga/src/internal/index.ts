/*
 * For the benches and tests of this repository only: parts of the library that they drive by themselves. The package does not
 * export them, and apps may not import them (test/layers.spec.ts).
 */
export { flowchartOf } from '../admin/flowchart';
export { statesAfter } from '../admin/history-states';
export { IncidentReader } from '../admin/incidents/incident-reader';
export { cursorOf } from '../admin/saga-cursor';
export { PendingReader } from '../admin/overview/pending-reader';
export { StatisticsReader } from '../admin/overview/statistics-reader';
export { SagaReader } from '../admin/saga-reader';
export { AdminStreams } from '../admin/stream/admin-streams';
export { ChangedSagas } from '../admin/stream/changed-sagas';
export { ChangeReader } from '../admin/stream/change-reader';
export { StreamEventReader } from '../admin/stream/stream-event-reader';
export { STREAM_EVENTS } from '../admin/stream/stream-events';
export { StreamQuery } from '../admin/stream/stream.query';
export { DefinitionRegistry, type SagaDefinition } from '../definition';
export { fold, type HistoryEntry, type SagaEvent, type SagaState } from '../engine';
export { SagaRunner, Timers } from '../runner';
export { StatisticsStore } from '../statistics';
export { DueTimers, parseSagaEvent, parseState, SagaRetention, SagaSearch, SagaStore, storedEvent } from '../store';
export { summaryOf } from '../admin/present';
export { renewPartitions } from '../participant/retention';
