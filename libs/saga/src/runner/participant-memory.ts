import type { SagaDefinition } from '../definition';
import { stepNamed } from '../definition';
import { canStillTurnBack, hasEnded, type SagaState } from '../engine';
import { instantOf, isUuidV7 } from '../contract';

/** For how long participants remember what was done, and so can take it back. */
export class ParticipantMemory {
  constructor(readonly ms: number) {}

  /** Until when all that the saga has done can be taken back for sure; undefined when nothing will be. */
  undoableUntil(state: SagaState, definition: SagaDefinition): number | undefined {
    if (hasEnded(state) || !canStillTurnBack(definition, state)) return undefined;
    const done = Object.entries(state.steps).flatMap(([name, { status, actionId }]) => {
      const taken = status === 'DONE' || status === 'INVOKED' || status === 'UNKNOWN' || status === 'COMPENSATING';
      const compensated = stepNamed(definition, name)?.compensation !== undefined;
      return taken && compensated && isUuidV7(actionId) ? [instantOf(actionId)] : [];
    });
    return done.length === 0 ? undefined : Math.min(...done) + this.ms;
  }
}
