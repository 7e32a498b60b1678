export type { Parent } from '../contract';
export { startOf, undoOf } from '../definition';
export type {
  HistoryEntry,
  Ignored,
  ParentAnswer,
  RecordedCommand,
  RecordedEntry,
  Recording,
  SagaEvent,
  SendCommand,
  SentCommand,
  TransitionResult,
} from '../engine';
export { Exploration, type Enough } from './explorer/exploration';
export { explore, Explorer, type CommandBehaviour } from './explorer/explore';
export type { ExploreOptions } from './explorer/explore-options';
export type { ExplorationProgress } from './explorer/progress';
export {
  exploreTogether,
  TogetherExplorer,
  type ExploreTogetherOptions,
  type SharedBehaviour,
} from './explorer/together/explore-together';
export { replay, readRecordings, Replay, type ReplayDifference } from './replay';
export { sagaTest, SagaTest, type SagaTestStart } from './saga-test';
export { expectAsShipped } from './shipped-definitions';
export { SagaTestError } from './saga-test-error';
