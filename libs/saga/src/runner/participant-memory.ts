import type { SagaDefinition } from '../definition';
import { stepNamed } from '../definition';
import { isCompensatingOrCan, hasEnded, type SagaState } from '../engine';
import { instantOf, isUuidV7 } from '../contract';

/** How long participants remember commands, and so can compensate them. */
export class ParticipantMemory {
  constructor(readonly ms: number) {}

  /** Until when everything the saga has done can surely be compensated; undefined when nothing will be. */
  undoableUntil(state: SagaState, definition: SagaDefinition): number | undefined {
    if (hasEnded(state) || !isCompensatingOrCan(definition, state)) return undefined;
    const done = Object.entries(state.steps).flatMap(([name, { status, actionId }]) => {
      const taken = status === 'DONE' || status === 'INVOKED' || status === 'UNKNOWN' || status === 'COMPENSATING';
      const compensated = stepNamed(definition, name)?.compensation !== undefined;
      return taken && compensated && isUuidV7(actionId) ? [instantOf(actionId)] : [];
    });
    return done.length === 0 ? undefined : Math.min(...done) + this.ms;
  }
}
