/* What a participant does with a command: deduplication/decide.ts and participant/transactions.ts of libs/saga/src. */

inline say(s, i, direction, number, outcome) {
  if
  :: outcome == SUCCESS -> commandOf(s, i, direction, number).succeeded = true
  :: outcome == REFUSAL -> commandOf(s, i, direction, number).refused = true
  :: outcome == FAILURE -> commandOf(s, i, direction, number).failed = true
  :: outcome == UNKNOWN -> commandOf(s, i, direction, number).unknown = true
  fi
}

#if defined(FORGET_FAILURE)
#define kept(outcome) (outcome == FAILURE -> NO_ROW : outcome)
#elif defined(FORGET_REFUSAL)
#define kept(outcome) (outcome == REFUSAL -> NO_ROW : outcome)
#else
#define kept(outcome) outcome
#endif

/* Stores the answer with the effect, and sends it. */
inline answerWith(s, i, direction, number, outcome) {
  commandOf(s, i, direction, number).row = kept(outcome);
  say(s, i, direction, number, outcome)
}

#ifdef ROW_BEFORE_HANDLER
#define answerTo(outcome) (outcome == FAILURE -> SUCCESS : outcome)
#else
#define answerTo(outcome) outcome
#endif

/* The handler ends with this outcome in a transaction; only a success has an effect. */
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

/* Rule 22: the row of another command answers nothing. */
#ifdef NO_DIGEST
#define answerBy(row_) (row_ == ANOTHER -> SUCCESS : row_)
#else
#define answerBy(row_) (row_ == ANOTHER -> UNKNOWN : row_)
#endif

/* The action's row as its compensation sees it; the row of another command, or a forgotten one, counts as none. */
#ifdef UNDO_ANOTHER
#define tookEffect(row_) (row_ == SUCCESS || row_ == ANOTHER)
#else
#define tookEffect(row_) (row_ == SUCCESS)
#endif
#ifdef FORGOTTEN_IS_UNDONE
#define isNotKnown(row_) (row_ == ANOTHER)
#else
#define isNotKnown(row_) (row_ == ANOTHER || row_ == FORGOTTEN)
#endif

inline handle(s, i, direction, number, luck) {
  was = commandOf(s, i, direction, number).row;
  if
  :: was == FORGOTTEN -> skip /* too old to be handled, or answered */
#ifndef TOMBSTONE_IGNORED
  :: was == TOMBSTONE -> skip /* its compensation came first; no answer is awaited */
#endif
#ifdef NO_STORED_REPLY
  :: isAnswered(was) -> skip
#endif
#ifndef NO_DEDUPE
  :: isAnswered(was) -> say(s, i, direction, number, answerBy(was))
#endif
  :: else ->
    if
    :: direction == ACTION -> callHandler(s, i, ACTION, number, luck)
    :: direction == COMPENSATION -> undo(s, i, number, luck)
    fi
  fi
}

inline undo(s, i, number, luck) {
  undone = undoneBy(s, i).row;
  if
  :: tookEffect(undone) -> callHandler(s, i, COMPENSATION, number, luck)
  :: !tookEffect(undone) && isNotKnown(undone) -> say(s, i, COMPENSATION, number, UNKNOWN)
#ifdef UNDO_BLINDLY
  :: else -> callHandler(s, i, COMPENSATION, number, luck)
#else
  :: else ->
#ifndef NO_TOMBSTONE
    undoneBy(s, i).row = (undone == NO_ROW -> TOMBSTONE : undone);
#endif
    answerWith(s, i, COMPENSATION, number, SUCCESS)
#endif
  fi
}

/* Another sender's command with this id and this saga's name: if it is first, it gets the row; else it is answered. */
inline handleAnother(s, i, direction, number) {
  if
  :: commandOf(s, i, direction, number).row == NO_ROW -> commandOf(s, i, direction, number).row = ANOTHER
  :: else ->
    say(s, i, direction, number, UNKNOWN);
#ifdef KEEP_THE_UNKNOWN
    commandOf(s, i, direction, number).row = FAILURE
#endif
  fi
}
