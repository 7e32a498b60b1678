export { startOf, undoOf } from '../definition';
export { Exploration, type Enough } from './explorer/exploration';
export { explore, Explorer, type CommandBehaviour, type ExploreOptions } from './explorer/explore';
export type { ExplorationProgress } from './explorer/progress';
export {
  exploreTogether,
  TogetherExplorer,
  type ExploreTogetherOptions,
  type SharedBehaviour,
} from './explorer/together/explore-together';
export { sagaTest, SagaTest, type SagaTestStart } from './saga-test';
export { expectAsShipped } from './shipped-definitions';
export { SagaTestError } from './saga-test-error';
