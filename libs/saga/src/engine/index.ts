export { BrokenInvariantError } from './draft';
export type { AnswerEvent, HaltedEvent, OperatorEvent, SagaEvent, SendCommand } from './event';
export { fold, sentOf, type HistoryEntry, type SentCommand } from './history';
export {
  hasEnded,
  type Cause,
  type Exchange,
  type Pause,
  type PauseReason,
  type SagaState,
  type SagaStatus,
  type StepState,
  type StepStatus,
} from './state';
export { halt, transition, type Ignored, type StartedEvent, type Turn } from './transition';
