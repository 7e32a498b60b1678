import { canonicalText } from './canonical-text';
import type { SagaDefinition } from './definition';

/**
 * Writes everything in a definition that decides what its sagas do, as text to be stored and compared line by line:
 * steps, commands with the schemas of payload and reply, refusals, timeouts, retries, deadline, and the source of the
 * mappers. Search attributes decide nothing, and are left out. Functions that a mapper calls are not included, so mappers should be self-contained.
 *
 * @throws ConfigurationError for a bound or built-in function, whose source cannot be read.
 */
export function fingerprint(definition: SagaDefinition): string {
  return canonicalText(definition);
}
