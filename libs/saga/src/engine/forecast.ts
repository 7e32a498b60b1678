import type { SagaDefinition } from '../definition';
import type { SendCommand } from './event';
import type { SagaState } from './state';
import { transition } from './transition';

/** What the engine does at an instant, if nothing arrives before. */
export interface Forecast {
  readonly at: number;
  readonly before: SagaState;
  readonly after: SagaState;
  readonly sends: readonly SendCommand[];
}

/**
 * Returns what the engine will do by itself, in order: at most this many wake-ups, if no reply, signal or operator comes
 * meanwhile. Wake-ups at which nothing changes are left out.
 */
export function forecast(
  definition: SagaDefinition,
  state: SagaState,
  held: readonly string[] | undefined,
  now: number,
  wakeUps: number,
): readonly Forecast[] {
  const found: Forecast[] = [];
  let before = state;
  while (found.length < wakeUps && before.wakeAt !== undefined) {
    const at = Math.max(before.wakeAt, now);
    const { state: after, sends, ignored } = transition(definition, before, { kind: 'time-passed', held }, at);
    if (ignored !== undefined) break;
    // A held step only checks its hold, and would do so for ever.
    if (sends.length > 0 || isMilestone(before, after)) found.push({ at, before, after, sends });
    else if (after.wakeAt !== undefined && after.wakeAt <= at) break;
    else if (isAtRest(before, after)) break;
    before = after;
  }
  return found;
}

function isMilestone(before: SagaState, after: SagaState): boolean {
  return before.status !== after.status || before.stage !== after.stage || before.cause !== after.cause;
}

/** True when the wake-up changed nothing but timers. */
function isAtRest(before: SagaState, after: SagaState): boolean {
  return Object.keys(after.steps).every((name) => {
    const [was, is] = [before.steps[name], after.steps[name]];
    return was?.status === is?.status && (was?.held === undefined) === (is?.held === undefined);
  });
}
