export {
  CreateDeadLetters1764000000003,
  GroupDeadLetters1764600000004,
  OverrideDoubts1764000000061,
} from './create-dead-letters';
export {
  DEAD_LETTER_STATUSES,
  REDRIVE_OUTCOMES,
  wasAnswered,
  whyNotRedrivable,
  type DeadLetter,
  type DeadLetterStatus,
  type DeadLetterSummary,
  type RedriveResult,
} from './dead-letter';
export { commandIdIn, outcomeOf, whyClosed, type AnswerSince } from './letter-fate';
export { DeadLetterConsumer } from './dead-letter-consumer';
export { DeadLetterRetention } from './dead-letter-retention';
export { DeadLetterService } from './dead-letter-service';
export { DeadLetterStore, type DeadLetterFilter, type DeadLetterGroup } from './dead-letter-store';
export { Redriver, type Obstacle, type RedriveOutcome } from './redriver';
