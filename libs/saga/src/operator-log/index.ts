export { appendAction, originOf, TARGETS, type Actor, type NewAction, type Origin, type Target } from './append-action';
export type { ChainedEntry, ChainLink } from './chain';
export { CreateOperatorLog1764600000002 } from './create-operator-log';
export { OperatorLog, type Verification } from './operator-log';
