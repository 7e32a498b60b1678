import { durationOf, milliseconds, type Duration } from '../contract';
import { StillRunningError } from './transaction-pipeline';

/** How long a handler may take, or that it has no limit. */
export type HandlerTimeout = Duration | 'off';

/** Below the timeout after which an orchestrator resends a command, unless its definition says otherwise: 5 s. */
export const HANDLER_TIMEOUT: HandlerTimeout = '4s';

/**
 * Converts to milliseconds.
 *
 * @throws ConfigurationError for a value that is neither a duration nor `off`
 */
export function timeoutMsOf(timeout: HandlerTimeout): number {
  return timeout === 'off' ? Number.POSITIVE_INFINITY : milliseconds(timeout);
}

/** The handler has not ended within its time limit. Its transaction is rolled back, and its later result is dropped. */
export class HandlerTimeoutError extends StillRunningError {
  /** The reason of the failure with which its command is answered. */
  readonly reason = 'handler-timeout';

  constructor(what: string, timeoutMs: number) {
    super(`The handler of ${what} had not ended after ${durationOf(timeoutMs)}; its transaction was rolled back.`);
  }
}

/**
 * A transaction that several handlers share waits for one of them. It is rolled back, and each of them runs in its own.
 */
export class SharedTransactionSlowError extends StillRunningError {
  constructor() {
    super('The shared transaction waited for one of its handlers for too long; each of them runs in its own.');
  }
}
