import { parseEnvelope } from '../contract';
import { faultTarget, type FaultPoint, type Faults, type FaultTarget } from '../messaging';
import type { SagaInput } from './saga-input';

/** The name of a fired timer in fault rules. */
const TIME_PASSED = 'orchestrator.time-passed';

/** Applies faults to what the orchestrator is about to save, or has saved. */
export async function strikeAll(faults: Faults, point: FaultPoint, inputs: readonly SagaInput[]): Promise<void> {
  for (const input of inputs) {
    const target = targetOf(input);
    if (target) await faults.strike(point, target);
  }
}

function targetOf({ sagaId, event, message }: SagaInput): FaultTarget | undefined {
  if (message) return faultTarget(parseEnvelope(message.value));
  return event.kind === 'time-passed' ? { messageId: sagaId, sagaId, command: TIME_PASSED } : undefined;
}
