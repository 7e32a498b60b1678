/*
 * For the benches and tests of this repository only: parts of the library that they drive by themselves. The package does not
 * export them, and apps may not import them (test/layers.spec.ts).
 */
export { flowchartOf } from '../admin/flowchart';
export { SagaReader } from '../admin/saga-reader';
export { DefinitionRegistry } from '../definition';
export { fold, type HistoryEntry, type SagaEvent } from '../engine';
export { DueTimers } from '../orchestrator/due-timers';
export { SagaRetention } from '../orchestrator/saga-retention';
export { SagaRunner } from '../orchestrator/saga-runner';
export { SagaStore } from '../orchestrator/saga-store';
export { parseSagaEvent, parseState } from '../orchestrator/stored-state';
export { Timers } from '../orchestrator/timers';
export { renewPartitions } from '../participant/retention';
