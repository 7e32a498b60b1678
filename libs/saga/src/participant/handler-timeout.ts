import { durationOf, milliseconds, type Duration } from '../contract';
import { StillRunningError } from './transaction-pipeline';

/** How long a handler may take, or that it may take for ever. */
export type HandlerTimeout = Duration | 'off';

/** Below the timeout after which an orchestrator sends a command again, unless its definition says otherwise: 5 s. */
export const HANDLER_TIMEOUT: HandlerTimeout = '4s';

/** As milliseconds. Throws a ConfigurationError for what is neither a duration nor `off`. */
export function timeoutMsOf(timeout: HandlerTimeout): number {
  return timeout === 'off' ? Number.POSITIVE_INFINITY : milliseconds(timeout);
}

/** The handler has not ended within its time. Its transaction is undone, and what it still does counts for nothing. */
export class HandlerTimeoutError extends StillRunningError {
  /** What its command is answered as the reason of the failure. */
  readonly reason = 'handler-timeout';

  constructor(what: string, timeoutMs: number) {
    super(`The handler of ${what} had not ended after ${durationOf(timeoutMs)}; its transaction was undone.`);
  }
}

/** A transaction that several handlers share waits for one of them. It is undone, and each of them runs in its own. */
export class SharedTransactionSlowError extends StillRunningError {
  constructor() {
    super('The shared transaction waited for one of its handlers for too long; each of them runs in its own.');
  }
}
