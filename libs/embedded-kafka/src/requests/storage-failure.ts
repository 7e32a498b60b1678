import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';

/**
 * Runs an operation on the storage. A failure is reported and becomes an error code after which clients retry; their
 * connection stays open.
 */
export async function orStorageError<Result>(
  broker: Broker,
  attempt: () => Result | Promise<Result>,
  refused: (error: ErrorCode) => Result,
): Promise<Result> {
  try {
    return await attempt();
  } catch (error) {
    broker.settings.onError(error as Error);
    return refused(ErrorCode.kafkaStorageError);
  }
}
