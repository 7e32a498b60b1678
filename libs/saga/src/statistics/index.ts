export { sumOf, type Counts, type StepCounts } from './counts';
export { CreateStatistics1764700000001 } from './create-statistics';
export { quantile, type Histogram } from './histogram';
export { sagaDelta, type AppliedToSaga, type KnownDefinitions, type SagaDelta } from './saga-delta';
export { StatisticsStore, type IntervalCounts, type OpenSagas } from './statistics-store';
export { StatisticsTask } from './statistics-task';
