import { searchAttributesOf, type SearchAttribute } from '../../contract';
import type { SagaDefinition } from '../../definition';
import type { SagaState } from '../../engine';

/**
 * Returns why the search attributes of a saga do not find it; undefined when they do, or when it has none. They are stored
 * once, when the saga begins.
 */
export function unstoredAttributes(
  definition: SagaDefinition | undefined,
  { steps, input }: Pick<SagaState, 'steps' | 'input'>,
  stored: readonly SearchAttribute[],
): string | undefined {
  const hasBegun = Object.keys(steps).length > 0;
  if (definition === undefined || !hasBegun || stored.length > 0) return undefined;
  try {
    if (searchAttributesOf(definition, input).length === 0) return undefined;
    return 'Its search attributes were not stored when it began, so they do not find it';
  } catch (error) {
    return `Its search attributes cannot be stored, so they do not find it: ${String(error)}`;
  }
}
