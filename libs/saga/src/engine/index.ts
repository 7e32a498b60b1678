export { changesBetween, type SagaChange } from './changes';
export { checkReply } from './check-reply';
export { BrokenInvariantError, isCompensatingOrCan, draftOf, scopeOf } from './draft';
export type {
  AnswerEvent,
  HaltedEvent,
  Ignored,
  OperatorEvent,
  ParentAnswer,
  SagaEvent,
  SendCommand,
  SignalledEvent,
  TransitionResult,
  UndoEvent,
} from './event';
export { forecast, type Forecast } from './forecast';
export { halt, type StartedEvent } from './halt';
export { heldCommand, isLast } from './send';
export { SagaMask } from './mask';
export {
  isSameSent,
  recordingOf,
  RECORDING_FORMAT,
  Refold,
  type RecordedCommand,
  type RecordedEntry,
  type Recording,
} from './recording';
export { fold, sentOf, type HistoryEntry, type SentCommand } from './history';
export {
  CAUSES,
  hasEnded,
  isHeldSaga,
  PAUSE_REASONS,
  SAGA_STATUSES,
  standingSteps,
  statusOfStep,
  type Cause,
  type CauseKind,
  type Invocation,
  type Held,
  type ParentLink,
  type Pause,
  type PauseReason,
  type SagaState,
  type SagaStatus,
  type StepState,
  type StepStatus,
} from './state';
export { transition } from './transition';
