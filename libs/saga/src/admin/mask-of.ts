import { masked, maskedWhole } from '../contract';
import { stepNamed, type DefinitionRegistry } from '../definition';
import { SagaMask, type SagaState } from '../engine';

/** Masks what the admin API shows of a saga. */
export function maskOf(registry: DefinitionRegistry, state: SagaState): SagaMask {
  return new SagaMask(registry.find(state.definition, state.version), state);
}

/**
 * Masks the reply with which an operator resolves a step of many sagas: what any definition with such a step marks as
 * sensitive, and all of it when no definition has the step. A step that waits for a signal cannot be resolved, but the
 * request is recorded, so what its signal marks as sensitive is masked too.
 */
export function maskedReply(registry: DefinitionRegistry, step: string, reply: object): unknown {
  const steps = registry.all().flatMap((definition) => stepNamed(definition, step) ?? []);
  if (steps.length === 0) return maskedWhole(reply);
  return steps.reduce<unknown>(
    (shown, { action, wait }) => masked(wait ? wait.signal.payload : action?.command.reply, shown),
    reply,
  );
}
