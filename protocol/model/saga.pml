/*
 * Safety: two sagas of two steps, whose first steps want the same unit. Messages are a soup: what was ever sent may arrive
 * in any order, any number of times, or never. As every handler and every turn is one transaction, that covers crashes
 * too: one that dies before its commit never ran, and one that dies after it lost what it would have said.
 */
#if defined(IMPOSTOR) || defined(FORGETFUL)
#define SAGAS 1 /* in worlds that are too large with two */
#else
#define SAGAS 2
#endif
#include "protocol.pml"

/* What the two steps of each saga are; protocol/src/model/shapes.ts has the combinations. */
#ifndef A0
#define A0 COMPENSATABLE
#define A1 COMPENSATABLE
#define A_PARALLEL false
#define B0 COMPENSATABLE
#define B1 PIVOT
#endif

hidden byte effect_twice, taken_back_for_nothing, unit_sold_twice, taken_back_past_the_pivot, undone_out_of_order,
  COMPENSATED_yet_in_effect, COMPLETED_without_effect;

#define isInEffect(step) (step.done != step.undone)
#define isDoneOnce(step) (step.done == 1 && step.undone == 0)

/* What is promised of a saga, at every moment, also after its end. */
inline keepPromises(s) {
  for (n : 0 .. STEPS - 1) {
    effect_twice = at.steps[n].done > 1 || at.steps[n].undone > 1;
    assert(!effect_twice);
    taken_back_for_nothing = at.steps[n].undone > at.steps[n].done;
    assert(!taken_back_for_nothing);
    taken_back_past_the_pivot = at.steps[1].kind == PIVOT && at.steps[1].done > 0 && at.steps[n].undone > 0;
    assert(!taken_back_past_the_pivot)
  };
  unit_sold_twice = free == 255; /* a byte, one below nothing */
  assert(!unit_sold_twice);
  undone_out_of_order = !at.parallel && at.steps[0].undone > 0 && isInEffect(at.steps[1]);
  assert(!undone_out_of_order);
  COMPENSATED_yet_in_effect = at.status == COMPENSATED && (isInEffect(at.steps[0]) || isInEffect(at.steps[1]));
  assert(!COMPENSATED_yet_in_effect);
  COMPLETED_without_effect = at.status == COMPLETED && !(isDoneOnce(at.steps[0]) && isDoneOnce(at.steps[1]));
  assert(!COMPLETED_without_effect)
}

/* Failures of what is tried for ever are bounded, so that the ids are. */
#define mayFail (direction == ACTION && !(at.steps[i].kind == RETRIABLE) || number == 0)
#define it commandOf(s, i, direction, number)

/* All that may become of one command: it arrives, again and again, and so does whatever was answered. */
proctype Message(byte s; byte i; byte direction; byte number) {
  do
  :: d_step { it.sent -> handle(s, i, direction, number, SUCCESS); keepPromises(s) }
  :: d_step { it.sent && direction == ACTION && at.steps[i].kind != RETRIABLE ->
      handle(s, i, direction, number, REFUSAL); keepPromises(s) }
  :: d_step { it.sent && mayFail -> handle(s, i, direction, number, FAILURE); keepPromises(s) }
  :: d_step { it.succeeded -> hear(s, i, direction, number, SUCCESS); keepPromises(s) }
  :: d_step { it.refused -> hear(s, i, direction, number, REFUSAL); keepPromises(s) }
  :: d_step { it.failed -> hear(s, i, direction, number, FAILURE); keepPromises(s) }
#ifdef IMPOSTOR
  :: d_step { mayFail && it.row != TOMBSTONE && it.row != FORGOTTEN -> handleAnother(s, i, direction, number); keepPromises(s) }
#endif
#ifdef FORGETFUL
  :: d_step { direction == ACTION && it.row != FORGOTTEN -> it.row = FORGOTTEN }
#endif
#if defined(IMPOSTOR) || defined(FORGETFUL)
  :: d_step { it.unknown -> hear(s, i, direction, number, UNKNOWN); keepPromises(s) }
#endif
  od
}

/* Time passes, and operators act. */
#define awaitsAnswer(step) (isUnderWay(step) && step.awaits)
#define awaitsAttempt(step) (isUnderWay(step) && !step.awaits)

proctype Orchestrator(byte s) {
  d_step { start(s); keepPromises(s) };
  do
  :: d_step { at.pausedBy == 0 && awaitsAnswer(at.steps[0]) -> sendAgain(s, 0); keepPromises(s) }
  :: d_step { at.pausedBy == 0 && awaitsAnswer(at.steps[1]) -> sendAgain(s, 1); keepPromises(s) }
  :: d_step { at.pausedBy == 0 && awaitsAnswer(at.steps[0]) -> giveUpWaiting(s, 0); keepPromises(s) }
  :: d_step { at.pausedBy == 0 && awaitsAnswer(at.steps[1]) -> giveUpWaiting(s, 1); keepPromises(s) }
  :: d_step { at.pausedBy == 0 && awaitsAttempt(at.steps[0]) -> attemptNext(s, 0); keepPromises(s) }
  :: d_step { at.pausedBy == 0 && awaitsAttempt(at.steps[1]) -> attemptNext(s, 1); keepPromises(s) }
  :: d_step { mayBeCancelled(at) -> cancel(s); keepPromises(s) }
  :: d_step { at.pausedBy != 0 -> resume(s); keepPromises(s) }
  od
}

init {
  byte s, i, direction, number;
  atomic {
    sagas[0].steps[0].kind = A0; sagas[0].steps[1].kind = A1; sagas[0].parallel = A_PARALLEL;
#if SAGAS == 2
    sagas[1].steps[0].kind = B0; sagas[1].steps[1].kind = B1;
#endif
    for (s : 0 .. SAGAS - 1) {
      for (i : 0 .. STEPS - 1) {
        for (direction : 0 .. 1) {
          for (number : 0 .. ATTEMPTS - 1) { run Message(s, i, direction, number) }
        }
      };
      run Orchestrator(s)
    };
    s = 0; i = 0; direction = 0; number = 0
  }
}
