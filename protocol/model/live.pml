/*
 * Liveness: one saga of two steps. Until `calm`, messages arrive any number of times, in any order, and any of them may
 * be lost with all its copies; from then on, every sent message arrives. Then the saga must end under weak fairness: a
 * process that can always do something does it eventually. Nothing is promised before `calm`.
 */
#define SAGAS 1
#include "protocol.pml"

#ifndef A0
#define A0 COMPENSATABLE
#define A1 PIVOT
#define A_PARALLEL false
#endif

bool calm;

#define mayFail (direction == ACTION && sagas[0].steps[i].kind != RETRIABLE || number == 0)
#define it commandOf(0, i, direction, number)
/* In `calm`, there is one copy of each message. */
#define arrived(message) message = message && !calm

proctype Command(byte i; byte direction; byte number) {
  do
  :: d_step { it.sent -> arrived(it.sent); handle(0, i, direction, number, SUCCESS) }
  :: d_step { it.sent && direction == ACTION && sagas[0].steps[i].kind != RETRIABLE ->
      arrived(it.sent); handle(0, i, direction, number, REFUSAL) }
  :: d_step { it.sent && mayFail -> arrived(it.sent); handle(0, i, direction, number, FAILURE) }
  :: d_step { it.sent && !calm -> it.sent = false }
  od
}

proctype Reply(byte i; byte direction; byte number) {
  do
  :: d_step { it.succeeded -> arrived(it.succeeded); hear(0, i, direction, number, SUCCESS) }
  :: d_step { it.refused -> arrived(it.refused); hear(0, i, direction, number, REFUSAL) }
  :: d_step { it.failed -> arrived(it.failed); hear(0, i, direction, number, FAILURE) }
  :: d_step { it.succeeded && !calm -> it.succeeded = false }
  :: d_step { it.refused && !calm -> it.refused = false }
  :: d_step { it.failed && !calm -> it.failed = false }
  od
}

#define awaitsAnswer(step) (isUnderWay(step) && step.awaits)
#define awaitsAttempt(step) (isUnderWay(step) && !step.awaits)
#define saga sagas[0]

/* A timer for each step. */
proctype Timer(byte i) {
  do
  :: d_step { saga.pausedBy == 0 && awaitsAnswer(saga.steps[i]) -> sendAgain(0, i) }
  :: d_step { saga.pausedBy == 0 && awaitsAnswer(saga.steps[i]) -> giveUpWaiting(0, i) }
#ifndef NO_NEXT_ATTEMPT
  :: d_step { saga.pausedBy == 0 && awaitsAttempt(saga.steps[i]) -> attemptNext(0, i) }
#endif
  od
}

proctype Operator() {
  do
  :: d_step { mayBeCancelled(saga) -> cancel(0) }
#ifndef NO_OPERATOR
  :: d_step { saga.pausedBy != 0 -> resume(0) }
#endif
  od
}

proctype Weather() {
  calm = true
}

init {
  byte i, direction, number;
  atomic {
    saga.steps[0].kind = A0; saga.steps[1].kind = A1; saga.parallel = A_PARALLEL;
    d_step { start(0) };
    for (i : 0 .. STEPS - 1) {
      for (direction : 0 .. 1) {
        for (number : 0 .. ATTEMPTS - 1) { run Command(i, direction, number); run Reply(i, direction, number) }
      };
      run Timer(i)
    };
    run Operator();
    run Weather();
    i = 0; direction = 0; number = 0
  }
}

#ifdef NO_OPERATOR
#define isAtRest (hasEnded(saga) || saga.pausedBy != 0)
#else
#define isAtRest hasEnded(saga)
#endif

ltl ends { [] (calm -> <> isAtRest) }
