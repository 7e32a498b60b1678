export { changesBetween, type SagaChange } from './changes';
export { checkReply } from './check-reply';
export { BrokenInvariantError, canStillTurnBack, draftOf, scopeOf } from './draft';
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
export { halt, type StartedEvent } from './halt';
export { heldCommand, isLast } from './send';
export { fold, sentOf, type HistoryEntry, type SentCommand } from './history';
export {
  hasEnded,
  isHeldSaga,
  statusOfStep,
  type Cause,
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
