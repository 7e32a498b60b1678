/* The protocol's rules as switches: each mistake, the promise it breaks, and the same mistake in the simulator. */
import { pairs, singles, type Shape } from './shapes';

export interface Mistake {
  /** The macro that adds it to the models. */
  readonly name: string;
  readonly model: 'saga' | 'live';
  readonly shape: Shape;
  /** The macros of a world in which it breaks a promise; missing when the usual world is enough. */
  readonly world?: readonly string[];
  /** The promise that it breaks. */
  readonly breaks: string;
  /** The same mistake in the real code, in libs/saga/test/seeded-bugs; missing when there is none. */
  readonly seeded?: string;
}

const unsafe = (name: string, breaks: string, seeded?: string, shape: Shape = pairs.compensatable): Mistake => ({
  name,
  model: 'saga',
  shape,
  breaks,
  ...(seeded === undefined ? {} : { seeded }),
});

const amongOthers = (name: string, breaks: string, seeded?: string, shape: Shape = singles.compensatable): Mistake => ({
  ...unsafe(name, breaks, seeded, shape),
  world: ['IMPOSTOR'],
});

const endless = (name: string, seeded: string, shape: Shape = singles.compensatable): Mistake => ({
  name,
  model: 'live',
  shape,
  breaks: 'acceptance cycle',
  seeded,
});

const LEFT_OVER = 'COMPENSATED yet in effect';

export const mistakes: readonly Mistake[] = [
  // A participant's.
  unsafe('NO_TOMBSTONE', LEFT_OVER, 'a compensation that arrives first leaves no tombstone'),
  unsafe('TOMBSTONE_IGNORED', LEFT_OVER, 'a tombstone does not prevent the action'),
  unsafe('NO_DEDUPE', 'effect twice', 'a duplicate runs again'),
  unsafe('FORGET_FAILURE', 'effect twice', 'a failure is not stored'),
  unsafe('FORGET_REFUSAL', LEFT_OVER),
  unsafe('ROW_BEFORE_HANDLER', 'COMPLETED without effect', undefined, pairs.irrevocable),
  unsafe('UNDO_BLINDLY', 'compensated without effect', 'a refused action is compensated'),
  endless('NO_STORED_REPLY', 'a duplicate is dropped instead of answered'),
  amongOthers('NO_DIGEST', LEFT_OVER),
  amongOthers('KEEP_THE_UNKNOWN', LEFT_OVER),
  amongOthers('UNDO_ANOTHER', 'compensated without effect', 'a compensation runs for the action of another saga'),
  {
    ...unsafe(
      'FORGOTTEN_IS_UNDONE',
      LEFT_OVER,
      'a forgotten action is treated as one that never arrived',
      singles.compensatable,
    ),
    world: ['FORGETFUL'],
  },
  // The orchestrator's.
  amongOthers('UNKNOWN_IS_SUCCESS', LEFT_OVER, 'an unknown outcome is treated as a success'),
  amongOthers('UNKNOWN_IS_FAILURE', LEFT_OVER),
  amongOthers('ATTEMPT_UNSEEN', 'effect twice'),
  amongOthers('ONE_ANSWER_FOR_ALL', 'effect twice', undefined, singles.retriables),
  unsafe('NO_LATE_REPLY_GUARD', 'compensated out of order', 'a late reply is accepted'),
  unsafe('NO_DIRECTION_GUARD', LEFT_OVER),
  unsafe('NEW_ID_ON_RESEND', LEFT_OVER, 'a command is sent again under a new id'),
  unsafe('SILENCE_IS_FAILURE', LEFT_OVER, 'a missing reply is treated as a failure'),
  unsafe('FORGET_THE_UNKNOWN', LEFT_OVER, 'a step with an unknown outcome is not compensated'),
  unsafe('GUESS_THE_PIVOT', 'compensated after the pivot', 'the pivot is guessed'),
  unsafe('CANCEL_PAST_THE_PIVOT', 'compensated after the pivot', 'cancel is accepted after the pivot'),
  unsafe('UNDO_AT_ONCE', 'compensated out of order'),
  unsafe('LEAVE_EARLY', LEFT_OVER, 'a stage is left before all of it has settled', pairs.parallel),
  endless('NO_RESEND', 'an unanswered command is not sent again'),
  endless('NO_COMPENSATION_RESEND', 'an unanswered retriable is not sent again'),
  endless('NO_NEXT_ATTEMPT', 'a step in backoff is never woken'),
  endless('SAME_ID_AFTER_FAILURE', 'two commands get the same id'),
];
