/* The orchestrator: send.ts, advance.ts, answer.ts, operate.ts and transition.ts of libs/saga/src/engine. */

inline send(s, i, direction, number) {
  commandOf(s, i, direction, number).sent = true;
  at.steps[i].attempt = number;
  at.steps[i].status = (direction == ACTION -> INVOKED : COMPENSATING);
  at.steps[i].lastAction = (at.steps[i].status == INVOKED -> at.steps[i].attempt : at.steps[i].lastAction);
  at.steps[i].awaits = true
}

inline giveUp(s, i, status_) {
  at.steps[i].status = status_;
  at.steps[i].awaits = false;
  at.doomed = true
}

/* The next action of a step of the running stage; a stage that will be undone starts nothing and makes no new attempt. */
inline begin(s, i) {
  if
  :: at.steps[i].status == PENDING && at.doomed -> at.steps[i].status = SKIPPED
  :: at.steps[i].status == PENDING && !at.doomed -> send(s, i, ACTION, 0)
  :: at.steps[i].status == INVOKED && !at.steps[i].awaits && at.doomed && at.steps[i].kind != RETRIABLE ->
    giveUp(s, i, FAILED)
  :: else
  fi
}

inline takeBack(s, i) {
  if
#ifdef FORGET_THE_UNKNOWN
  :: at.steps[i].status == UNKNOWN -> at.steps[i].status = COMPENSATED
#endif
  :: at.steps[i].kind == COMPENSATABLE && (at.steps[i].status == DONE || at.steps[i].status == UNKNOWN) ->
    send(s, i, COMPENSATION, 0)
  :: else
  fi
}

#ifdef LEAVE_EARLY
#define AT_FIRST false
#define withNext ||
#else
#define AT_FIRST true
#define withNext &&
#endif

#ifdef UNDO_AT_ONCE
#define isUndoneNow(step) true
#else
#define isUndoneNow(step) isInStage(step)
#endif

inline advanceStage(s) {
  allSettled = AT_FIRST;
  for (n : 0 .. STEPS - 1) {
    if
    :: isInStage(n) -> begin(s, n); allSettled = allSettled withNext at.steps[n].status != INVOKED
    :: else
    fi
  };
  if
  :: allSettled && at.doomed -> turnBack(s)
  :: allSettled && !at.doomed && at.stage < lastStage -> at.stage++
  :: allSettled && !at.doomed && at.stage == lastStage -> at.status = COMPLETED
  :: !allSettled
  fi
}

inline turnBack(s) {
  for (n : 0 .. STEPS - 1) {
    if
    :: at.steps[n].status == PENDING -> at.steps[n].status = SKIPPED
    :: else
    fi
  };
  at.status = COMPENSATING
}

inline undoStage(s) {
  allUndone = true;
  for (n : 0 .. STEPS - 1) {
    if
    :: isUndoneNow(n) -> takeBack(s, n); allUndone = allUndone && at.steps[n].status != COMPENSATING
    :: else
    fi
  };
  if
  :: allUndone && at.stage > 0 -> at.stage--
  :: allUndone && at.stage == 0 -> at.status = COMPENSATED
  :: !allUndone
  fi
}

/* Rule 3: a stage settles as a whole before it is left or undone; undo runs stages in reverse. */
inline advance(s) {
  do
  :: at.pausedBy == 0 && at.status == RUNNING -> advanceStage(s); if :: allSettled :: else -> break fi
  :: at.pausedBy == 0 && at.status == COMPENSATING -> undoStage(s); if :: allUndone :: else -> break fi
  :: else -> break
  od;
  skip /* Spin jumps here on break */
}

inline start(s) {
  at.status = RUNNING;
  advance(s)
}

/* An answer ends only the pause of its own step. */
#ifdef ONE_ANSWER_FOR_ALL
#define stillNeedy 0
#else
#define stillNeedy needy
#endif

/* Rule 1: an answer counts only when it names the awaited command. Rule 2: an answer that does not count changes nothing. */
inline hear(s, i, direction, number, outcome) {
  counts = at.steps[i].awaits;
#ifndef NO_LATE_REPLY_GUARD
  counts = counts && at.steps[i].attempt == number;
#endif
#ifndef NO_DIRECTION_GUARD
  counts = counts && directionOf(at.steps[i]) == direction;
#endif
  if
  :: counts && outcome == UNKNOWN -> beUnsure(s, i); advance(s)
  :: counts && outcome != UNKNOWN -> at.steps[i].awaits = false;
    at.pausedBy = (at.pausedBy == i + 1 -> stillNeedy : at.pausedBy);
    if
    :: outcome == SUCCESS -> at.steps[i].status = (at.steps[i].status == INVOKED -> DONE : COMPENSATED)
    :: outcome == REFUSAL -> giveUp(s, i, REFUSED)
    :: outcome == FAILURE ->
      if
      :: !mustSucceed(at.steps[i], directionOf(at.steps[i])) && (at.doomed || at.steps[i].attempt == ATTEMPTS - 1) ->
        giveUp(s, i, FAILED)
      :: else /* waits for its next attempt */
      fi
    fi;
    advance(s)
  :: else
  fi
}

/*
 * The participant does not know the outcome. A compensatable step is compensated; a pivot waits; for a step that must
 * succeed an operator checks before there is another attempt. (The model's last attempt waits.)
 */
inline beUnsure(s, i) {
  if
#ifdef UNKNOWN_IS_SUCCESS
  :: true -> at.steps[i].awaits = false; at.steps[i].status = (at.steps[i].status == INVOKED -> DONE : COMPENSATED)
#else
#ifdef UNKNOWN_IS_FAILURE
  :: !mustSucceed(at.steps[i], directionOf(at.steps[i])) && !at.doomed && at.steps[i].attempt < ATTEMPTS - 1 ->
    at.steps[i].awaits = false
#else
  :: at.steps[i].status == INVOKED && at.steps[i].kind == COMPENSATABLE -> giveUp(s, i, UNKNOWN)
#endif
  :: mustSucceed(at.steps[i], directionOf(at.steps[i])) && at.steps[i].attempt < ATTEMPTS - 1 ->
    at.steps[i].awaits = false;
#ifndef ATTEMPT_UNSEEN
    at.steps[i].needsSomebody = true;
    at.pausedBy = (at.pausedBy == 0 -> i + 1 : at.pausedBy)
#endif
  :: else -> at.pausedBy = (at.pausedBy == 0 -> i + 1 : at.pausedBy)
#endif
  fi
}

/* The operator finds what the participant has stored of the saga's own command. */
inline lookInto(s, i) {
  at.steps[i].needsSomebody = false;
  if
  :: commandOf(s, i, directionOf(at.steps[i]), at.steps[i].attempt).row == SUCCESS ->
    at.steps[i].status = (at.steps[i].status == INVOKED -> DONE : COMPENSATED)
  :: else /* waits for its next attempt */
  fi
}

/* The same command again, under the same id. */
inline sendAgain(s, i) {
#ifdef NEW_ID_ON_RESEND
  if
  :: at.steps[i].status == INVOKED && at.steps[i].attempt < ATTEMPTS - 1 ->
    send(s, i, ACTION, at.steps[i].attempt + 1)
  :: else
  fi;
#endif
#ifdef NO_RESEND
  if
  :: mustSucceed(at.steps[i], directionOf(at.steps[i])) ->
    commandOf(s, i, directionOf(at.steps[i]), at.steps[i].attempt).sent = true
  :: else
  fi
#else
#ifdef NO_COMPENSATION_RESEND
  if
  :: at.steps[i].status == INVOKED -> commandOf(s, i, ACTION, at.steps[i].attempt).sent = true
  :: else
  fi
#else
  commandOf(s, i, directionOf(at.steps[i]), at.steps[i].attempt).sent = true
#endif
#endif
}

/* No re-send was answered. A compensatable step is compensated; a pivot is never guessed; other steps wait for an operator. */
inline giveUpWaiting(s, i) {
  if
#ifdef SILENCE_IS_FAILURE
  :: at.steps[i].status == INVOKED && at.steps[i].kind == COMPENSATABLE -> giveUp(s, i, FAILED)
#else
  :: at.steps[i].status == INVOKED && at.steps[i].kind == COMPENSATABLE -> giveUp(s, i, UNKNOWN)
#endif
#ifdef GUESS_THE_PIVOT
  :: at.steps[i].status == INVOKED && at.steps[i].kind == PIVOT -> giveUp(s, i, UNKNOWN)
#endif
  :: else -> at.pausedBy = (at.pausedBy == 0 -> i + 1 : at.pausedBy)
  fi;
  advance(s)
}

/* After a failure, which proves that nothing happened: a new attempt, under a new id. */
inline attemptNext(s, i) {
  if
  :: at.doomed && at.steps[i].status == INVOKED && at.steps[i].kind != RETRIABLE -> giveUp(s, i, FAILED)
#ifdef SAME_ID_AFTER_FAILURE
  :: else -> send(s, i, directionOf(at.steps[i]), at.steps[i].attempt)
#else
  :: else -> send(s, i, directionOf(at.steps[i]), at.steps[i].attempt + 1)
#endif
  fi;
  advance(s)
}

/* An operator's cancel, or the deadline. */
inline cancel(s) {
  at.doomed = true;
  advance(s)
}

/* An operator resumes a paused saga: the awaited command is resent. */
inline resume(s) {
  at.pausedBy = 0;
  for (n : 0 .. STEPS - 1) {
    if
    :: at.steps[n].awaits -> sendAgain(s, n)
    :: at.steps[n].needsSomebody -> lookInto(s, n)
    :: else
    fi
  };
  advance(s)
}

#ifdef CANCEL_PAST_THE_PIVOT
#define mayBeCancelled(saga) (saga.status == RUNNING && !saga.doomed)
#else
#define mayBeCancelled(saga) (saga.status == RUNNING && !saga.doomed && canTurnBack(saga))
#endif
