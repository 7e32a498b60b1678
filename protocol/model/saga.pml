/*
 * Safety: two sagas of two steps, whose first steps need the same unit. Every message ever sent may arrive in any order,
 * any number of times, or never. Every handler and every update of a saga is one transaction, so this covers crashes too:
 * a process killed before its commit never ran, and one killed after it lost its messages.
 */
#if defined(IMPOSTOR) || defined(FORGETFUL)
#define SAGAS 1 /* in worlds that are too large with two */
#else
#define SAGAS 2
#endif
#include "protocol.pml"

/* The kinds of the two steps of each saga; protocol/src/model/shapes.ts has the combinations. */
#ifndef A0
#define A0 COMPENSATABLE
#define A1 COMPENSATABLE
#define A_PARALLEL false
#define B0 COMPENSATABLE
#define B1 PIVOT
#endif

hidden byte effect_twice, compensated_without_effect, unit_sold_twice, compensated_after_the_pivot, compensated_out_of_order,
  COMPENSATED_yet_in_effect, COMPLETED_without_effect;

#define isInEffect(step) (step.done != step.undone)
#define isDoneOnce(step) (step.done == 1 && step.undone == 0)

/* The promises for a saga, at every moment, even after its end. */
inline keepPromises(s) {
  for (n : 0 .. STEPS - 1) {
    effect_twice = at.steps[n].done > 1 || at.steps[n].undone > 1;
    assert(!effect_twice);
    compensated_without_effect = at.steps[n].undone > at.steps[n].done;
    assert(!compensated_without_effect);
    compensated_after_the_pivot = at.steps[1].kind == PIVOT && at.steps[1].done > 0 && at.steps[n].undone > 0;
    assert(!compensated_after_the_pivot)
  };
  unit_sold_twice = free == 255; /* a byte, one below nothing */
  assert(!unit_sold_twice);
  compensated_out_of_order = !at.parallel && at.steps[0].undone > 0 && isInEffect(at.steps[1]);
  assert(!compensated_out_of_order);
  COMPENSATED_yet_in_effect = at.status == COMPENSATED && (isInEffect(at.steps[0]) || isInEffect(at.steps[1]));
  assert(!COMPENSATED_yet_in_effect);
  COMPLETED_without_effect = at.status == COMPLETED && !(isDoneOnce(at.steps[0]) && isDoneOnce(at.steps[1]));
  assert(!COMPLETED_without_effect)
}

/* Failures of endlessly retried steps are limited, to limit the ids. */
#define mayFail (direction == ACTION && !(at.steps[i].kind == RETRIABLE) || number == 0)
#define it commandOf(s, i, direction, number)

/* One command: it arrives again and again, and so do its answers. */
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
