import { parseEnvelope } from '../contract';
import { hookContext, type HookContext } from '../messaging';
import type { SagaInput } from './saga-input';

/** What a timer that fires is called, as if it were a command. */
const TIME_PASSED = 'orchestrator.time-passed';

/** Calls a hook for each message, and each timer, that is among these. */
export async function callHook(
  hook: (context: HookContext) => Promise<void>,
  inputs: Iterable<readonly SagaInput[]>,
): Promise<void> {
  for (const input of [...inputs].flat()) {
    const context = contextOf(input);
    if (context) await hook(context);
  }
}

function contextOf({ sagaId, event, message }: SagaInput): HookContext | undefined {
  if (message) return hookContext(parseEnvelope(message.value));
  return event.kind === 'time-passed' ? { messageId: sagaId, sagaId, command: TIME_PASSED } : undefined;
}
