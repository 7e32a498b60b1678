import { lastValueFrom, isObservable } from 'rxjs';
import type { EntityManager } from 'typeorm';
import type { CommandContract } from '../contract';
import { isDatabaseAway, isTransactionConflict } from '../messaging';
import { contextOf } from './handler-context';
import type { HandlerTransaction } from './handler-transaction';

/** A handler as Nest wraps it, with the pipes, guards, interceptors and filters of the user around it. */
export type NestHandler = (payload: unknown, tx: EntityManager) => Promise<unknown>;

export interface RegisteredHandler {
  readonly contract: CommandContract;
  readonly transaction: HandlerTransaction;
  /** How long it may take; Infinity for ever. */
  readonly timeoutMs: number;
  readonly handle: NestHandler;
}

/** Calls the handler; throws its own error or what a filter made of it, not the one that Nest masks it with. */
export async function invoke(
  { handle }: Pick<RegisteredHandler, 'handle'>,
  payload: unknown,
  tx: EntityManager,
): Promise<unknown> {
  try {
    const result = await handle(payload, tx);
    return isObservable(result) ? await lastValueFrom(result, { defaultValue: undefined }) : result;
  } catch (error) {
    throw unmasked(error, contextOf(tx)?.error);
  }
}

/** Nest throws a plain object in place of an error that no filter takes; an Error is what a filter made of it. */
function unmasked(error: unknown, original: unknown): unknown {
  if (original !== undefined && (isTransactionConflict(original) || isDatabaseAway(original))) return original;
  if (error instanceof Error) return error;
  if (original !== undefined) return original;
  const { message } = error as { message?: unknown };
  return typeof message === 'string' ? new Error(message) : error;
}
