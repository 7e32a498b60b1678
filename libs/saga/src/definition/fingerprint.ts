import { canonicalText } from './canonical-text';
import type { SagaDefinition } from './definition';

/**
 * Everything of a definition that decides what its sagas do, as text to be kept and compared line by line: steps, commands
 * with the schemas of payload and reply, refusals, timeouts, retries, deadline, and the source of the mappers. What a mapper
 * calls elsewhere is not seen, so mappers should stand on their own.
 *
 * @throws ConfigurationError for a bound or built-in function, whose source cannot be read.
 */
export function fingerprint(definition: SagaDefinition): string {
  return canonicalText(definition);
}
