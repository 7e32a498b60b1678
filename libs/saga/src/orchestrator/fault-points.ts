import { parseEnvelope } from '../contract';
import { faultTarget, type FaultPoint, type Faults, type FaultTarget } from '../messaging';
import type { Occurrence } from './occurrence';

/** What a timer that fires is called where faults are armed. */
const TIME_PASSED = 'orchestrator.time-passed';

/** Lets faults strike what the orchestrator is about to save, or has saved. */
export async function strikeAll(faults: Faults, point: FaultPoint, occurrences: readonly Occurrence[]): Promise<void> {
  for (const occurrence of occurrences) {
    const target = targetOf(occurrence);
    if (target) await faults.strike(point, target);
  }
}

function targetOf({ sagaId, event, message }: Occurrence): FaultTarget | undefined {
  if (message) return faultTarget(parseEnvelope(message.value));
  return event.kind === 'time-passed' ? { messageId: sagaId, sagaId, command: TIME_PASSED } : undefined;
}
