/* What a participant does with a command: decide.ts and transactions.ts of libs/saga/src/participant. */

inline say(s, i, direction, number, outcome) {
  if
  :: outcome == SUCCESS -> commandOf(s, i, direction, number).succeeded = true
  :: outcome == REFUSAL -> commandOf(s, i, direction, number).refused = true
  :: outcome == FAILURE -> commandOf(s, i, direction, number).failed = true
  fi
}

#if defined(FORGET_FAILURE)
#define kept(outcome) (outcome == FAILURE -> NO_ROW : outcome)
#elif defined(FORGET_REFUSAL)
#define kept(outcome) (outcome == REFUSAL -> NO_ROW : outcome)
#else
#define kept(outcome) outcome
#endif

/* Keeps the answer with the effect, and gives it. */
inline answerWith(s, i, direction, number, outcome) {
  commandOf(s, i, direction, number).row = kept(outcome);
  say(s, i, direction, number, outcome)
}

#ifdef ROW_BEFORE_HANDLER
#define answerTo(outcome) (outcome == FAILURE -> SUCCESS : outcome)
#else
#define answerTo(outcome) outcome
#endif

/* The handler comes to this end in a transaction; only a success leaves an effect. */
inline callHandler(s, i, direction, number, luck) {
  was = luck;
  if
  :: i == 0 && direction == ACTION && luck == SUCCESS && free == 0 -> was = REFUSAL
  :: else
  fi;
  if
  :: was == SUCCESS && direction == ACTION ->
    at.steps[i].done++;
    free = (i == 0 -> free - 1 : free)
  :: was == SUCCESS && direction == COMPENSATION ->
    at.steps[i].undone++;
    free = (i == 0 -> free + 1 : free)
  :: else
  fi;
  answerWith(s, i, direction, number, answerTo(was))
}

/* The row of the action that a compensation undoes: that of its last attempt. */
#define undoneBy(s, i) commandOf(s, i, ACTION, at.steps[i].lastAction)

inline handle(s, i, direction, number, luck) {
  was = commandOf(s, i, direction, number).row;
  if
#ifndef TOMBSTONE_IGNORED
  :: was == TOMBSTONE -> skip /* its compensation came first; nobody waits for it */
#endif
#ifdef NO_STORED_REPLY
  :: was != NO_ROW && was != TOMBSTONE -> skip
#endif
#ifndef NO_DEDUPE
  :: was != NO_ROW && was != TOMBSTONE -> say(s, i, direction, number, was)
#endif
  :: else ->
    if
    :: direction == ACTION -> callHandler(s, i, ACTION, number, luck)
    :: direction == COMPENSATION && undoneBy(s, i).row == SUCCESS -> callHandler(s, i, COMPENSATION, number, luck)
#ifdef UNDO_BLINDLY
    :: else -> callHandler(s, i, COMPENSATION, number, luck)
#else
    :: direction == COMPENSATION && undoneBy(s, i).row != SUCCESS ->
#ifndef NO_TOMBSTONE
      if
      :: undoneBy(s, i).row == NO_ROW -> undoneBy(s, i).row = TOMBSTONE
      :: else
      fi;
#endif
      answerWith(s, i, COMPENSATION, number, SUCCESS)
#endif
    fi
  fi
}
