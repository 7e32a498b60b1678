import type { DefinitionRegistry } from '../definition';
import { SagaMask, type SagaState } from '../engine';

/** Masks what the admin API shows of a saga. */
export function maskOf(registry: DefinitionRegistry, state: SagaState): SagaMask {
  return new SagaMask(registry.find(state.definition, state.version), state);
}
