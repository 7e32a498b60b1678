import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';

/**
 * Does something that the disk or the system may refuse. A refusal is told, and becomes an error that clients know to
 * try again after; it is no reason to end their connection.
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
