import type { SagaState } from '../engine';
import type { SagaDetail } from './saga.view';

/**
 * Returns until when participants remember what the saga did, with a warning when the saga may last longer than that.
 */
export function compensableUntil(
  { status, wakeAt, pause }: SagaState,
  untilMs: number,
): Pick<SagaDetail, 'undoableUntil' | 'warning'> {
  const undoableUntil = new Date(untilMs).toISOString();
  const only = `what it did can certainly be compensated only until ${undoableUntil}, when participants may have forgotten it`;
  if (pause?.reason === 'action-forgotten') return { undoableUntil };
  if (status === 'PAUSED') return { undoableUntil, warning: `The saga is paused, and ${only}.` };
  if (wakeAt === undefined || wakeAt <= untilMs) return { undoableUntil };
  return { undoableUntil, warning: `The saga may wait until ${new Date(wakeAt).toISOString()}, and ${only}.` };
}
