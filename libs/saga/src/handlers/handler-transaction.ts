import { ConfigurationError } from '../contract';
import type { Log } from '../messaging';

/** Whether a handler's transaction is for its command only, or for all commands of a batch. */
export type HandlerTransaction = 'per-command' | 'per-batch';

/** @deprecated `own` is called `per-command`, or `per-event` of a subscriber; `shared` is called `per-batch`. */
export type FormerTransaction = 'own' | 'shared';

/**
 * The transaction setting under its current name. Logs a warning for a former name.
 *
 * @throws ConfigurationError for any other value
 */
export function currentTransaction<S extends 'per-command' | 'per-event'>(
  given: S | 'per-batch' | FormerTransaction,
  single: S,
  owner: string,
  log: Log,
): S | 'per-batch' {
  if (given === single || given === 'per-batch') return given;
  if (given !== 'own' && given !== 'shared')
    throw new ConfigurationError(`${owner} has transaction: '${given}'; use '${single}' or 'per-batch'.`);
  const current = given === 'own' ? single : 'per-batch';
  log.warn(`${owner} has transaction: '${given}', which is deprecated; use transaction: '${current}'.`);
  return current;
}
