/*
 * The rules of the protocol, which saga.pml and live.pml share. Time is not modelled: any wait may end at any moment.
 * A handler and an update of a saga are one transaction each, so one step here. Each `#ifdef` is a possible mistake;
 * protocol/src/model/mistakes.ts names the promise it breaks.
 */

#define STEPS 2
#define ATTEMPTS 2 /* of a command; the second may be the last */
#define ACTION 0
#define COMPENSATION 1

mtype = { COMPENSATABLE, PIVOT, RETRIABLE };
mtype = { NEW, RUNNING, COMPENSATING, COMPLETED, COMPENSATED };
/* A step is also COMPENSATING or COMPENSATED. */
mtype = { PENDING, INVOKED, DONE, REFUSED, FAILED, UNKNOWN, SKIPPED };
/* A row, or what is there in its place: that of another command under the same id, or nothing any more. */
mtype = { NO_ROW, TOMBSTONE, SUCCESS, REFUSAL, FAILURE, ANOTHER, FORGOTTEN };

typedef Step {
  mtype kind;
  mtype status = PENDING;
  byte attempt;
  byte lastAction; /* the attempt that a compensation undoes */
  bool awaits; /* an answer to this attempt; else, if under way, the next attempt */
  bool needsSomebody; /* an operator must find out the outcome of this attempt before there is another */
  byte done; /* how often the action took effect, as in a participant's table of effects */
  byte undone;
};

typedef Saga {
  mtype status = NEW;
  bool parallel;
  byte stage;
  bool doomed; /* it must be compensated as soon as its stage has settled */
  byte pausedBy; /* a step, counted from one */
  Step steps[STEPS];
};

/* Under one command id: whether it was sent, the row in its participant's inbox, and the answers that were sent. */
typedef Exchange {
  bool sent;
  mtype row = NO_ROW;
  bool succeeded, refused, failed, unknown;
};

Saga sagas[SAGAS];
Exchange commands[SAGAS * 8];
byte free = 1; /* the one unit that the first steps of both sagas need */

#define commandOf(saga, step, direction, attempt) commands[(saga) * 8 + (step) * 4 + (direction) * 2 + (attempt)]
#define at sagas[s]
#define mustSucceed(step, direction) ((direction) == COMPENSATION || step.kind == RETRIABLE)
#define isAnswered(row_) (row_ != NO_ROW && row_ != TOMBSTONE && row_ != FORGOTTEN)
#define hasBegun(step) (step.status != PENDING && step.status != SKIPPED)
#define endsTheWayBack(step) (step.kind != COMPENSATABLE && hasBegun(step))
#define canTurnBack(saga) (!endsTheWayBack(saga.steps[0]) && !endsTheWayBack(saga.steps[1]))
#define hasEnded(saga) (saga.status == COMPLETED || saga.status == COMPENSATED)
#define isUnderWay(step) (step.status == INVOKED || step.status == COMPENSATING)
/* The step, counted from one, that still needs an operator. */
#define needy (at.steps[0].needsSomebody -> 1 : (at.steps[1].needsSomebody -> 2 : 0))
#define directionOf(step) (step.status == COMPENSATING -> COMPENSATION : ACTION)

/* The steps of a saga are a stage each, or one together. */
#define isInStage(step) (at.parallel || at.stage == (step))
#define lastStage (at.parallel -> 0 : STEPS - 1)

/* Scratch variables, not part of any state. */
hidden byte n;
hidden byte allSettled, allUndone, counts;
hidden mtype was, undone;

#include "orchestrator.pml"
#include "participant.pml"
