import type { ParentAnswer, SendCommand } from './event';
import type { SagaState } from './state';

/** Why an event changed nothing. */
export type Ignored =
  | 'already-started'
  | 'saga-ended'
  | 'unknown-step'
  | 'foreign-reply'
  | 'foreign-parent'
  | 'not-awaited'
  | 'nothing-due'
  | 'nothing-held'
  | 'not-paused'
  | 'already-paused'
  | 'definition-not-missed'
  | 'past-the-pivot'
  | 'already-turning-back'
  | 'nothing-to-resolve'
  | 'nothing-to-skip'
  | 'must-succeed'
  | 'invalid-reply'
  | 'unknown-signal'
  | 'already-signalled'
  | 'invalid-signal';

export interface TransitionResult {
  readonly state: SagaState;
  readonly sends: readonly SendCommand[];
  /** What an ended child reports to its parent. */
  readonly answer?: ParentAnswer | undefined;
  readonly ignored?: Ignored | undefined;
}
