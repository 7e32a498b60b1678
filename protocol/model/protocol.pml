/*
 * What saga.pml and live.pml both play: the rules of the protocol. Time is not counted: any wait may end at any moment.
 * A handler or a turn is one transaction, so it is one step here. Each `#ifdef` is a mistake that somebody could make;
 * protocol/src/model/mistakes.ts says which promise it breaks.
 */

#define STEPS 2
#define ATTEMPTS 2 /* of a command; the second may be the last */
#define ACTION 0
#define COMPENSATION 1

mtype = { COMPENSATABLE, PIVOT, RETRIABLE };
mtype = { NEW, RUNNING, COMPENSATING, COMPLETED, COMPENSATED };
mtype = { PENDING, INVOKED, DONE, REFUSED, FAILED, UNKNOWN, SKIPPED, UNDOING, UNDONE };
mtype = { NO_ROW, TOMBSTONE, SUCCESS, REFUSAL, FAILURE };

typedef Step {
  mtype kind;
  mtype status = PENDING;
  byte attempt;
  byte lastAction; /* the attempt that a compensation undoes */
  bool awaits; /* an answer to this attempt; else, if under way, the next attempt */
  byte done; /* how often the action took effect: what a participant's table of effects shows */
  byte undone;
};

typedef Saga {
  mtype status = NEW;
  bool parallel;
  byte stage;
  bool doomed; /* it has a cause to be taken back, as soon as its stage has settled */
  byte pausedBy; /* a step, counted from one */
  Step steps[STEPS];
};

/* Under one command id: whether it was sent, the row in its participant's inbox, and the answers that were given. */
typedef Exchange {
  bool sent;
  mtype row = NO_ROW;
  bool succeeded, refused, failed;
};

Saga sagas[SAGAS];
Exchange commands[SAGAS * 8];
byte free = 1; /* the one unit that the first steps of both sagas want */

#define commandOf(saga, step, direction, attempt) commands[(saga) * 8 + (step) * 4 + (direction) * 2 + (attempt)]
#define at sagas[s]
#define mustSucceed(step, direction) ((direction) == COMPENSATION || step.kind == RETRIABLE)
#define hasBegun(step) (step.status != PENDING && step.status != SKIPPED)
#define endsTheWayBack(step) (step.kind != COMPENSATABLE && hasBegun(step))
#define canTurnBack(saga) (!endsTheWayBack(saga.steps[0]) && !endsTheWayBack(saga.steps[1]))
#define hasEnded(saga) (saga.status == COMPLETED || saga.status == COMPENSATED)
#define isUnderWay(step) (step.status == INVOKED || step.status == UNDOING)
#define directionOf(step) (step.status == UNDOING -> COMPENSATION : ACTION)

/* The steps of a saga are a stage each, or one together. */
#define isInStage(step) (at.parallel || at.stage == (step))
#define lastStage (at.parallel -> 0 : STEPS - 1)

/* Scratch paper, not part of any state. */
hidden byte n;
hidden byte allSettled, allUndone, counts;
hidden mtype was;

#include "orchestrator.pml"
#include "participant.pml"
