import { lastValueFrom, isObservable } from 'rxjs';
import type { EntityManager } from 'typeorm';
import type { CommandContract } from '../contract';
import { isDatabaseAway, isTransactionConflict } from '../messaging';
import { CommandContext } from './command-context';
import { contextOf } from './handler-context';
import type { HandlerTransaction } from './handler-transaction';

/** A handler as Nest wraps it, with the user's pipes, guards, interceptors and filters around it. */
export type NestHandler = (payload: unknown, context: EntityManager | CommandContext) => Promise<unknown>;

export interface RegisteredHandler {
  readonly contract: CommandContract;
  readonly transaction: HandlerTransaction;
  /** How long it may take; Infinity for no limit. */
  readonly timeoutMs: number;
  /** Whether it takes a {@link CommandContext}; otherwise it gets only the EntityManager. */
  readonly takesContext?: boolean;
  readonly handle: NestHandler;
}

/**
 * Calls the handler. Throws its own error, or the result of a filter, instead of the error with which Nest masks it.
 */
export async function invoke(
  { handle, takesContext }: Pick<RegisteredHandler, 'handle' | 'takesContext'>,
  payload: unknown,
  tx: EntityManager,
): Promise<unknown> {
  try {
    const result = await handle(payload, takesContext ? new CommandContext(tx) : tx);
    return isObservable(result) ? await lastValueFrom(result, { defaultValue: undefined }) : result;
  } catch (error) {
    throw unmasked(error, contextOf(tx)?.error);
  }
}

/** For an error that no filter handles, Nest throws a plain object; an Error comes from a filter. */
function unmasked(error: unknown, original: unknown): unknown {
  if (original !== undefined && (isTransactionConflict(original) || isDatabaseAway(original))) return original;
  if (error instanceof Error) return error;
  if (original !== undefined) return original;
  const { message } = error as { message?: unknown };
  return typeof message === 'string' ? new Error(message) : error;
}
