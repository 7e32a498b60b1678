import { lastValueFrom, isObservable } from 'rxjs';
import { isDatabaseAway, isTransactionConflict } from '../messaging';
import { contextOf, transactionOf, type SecondParameter } from './handler-context';

/** A handler as Nest wraps it, with everything that the user has registered around it. */
export type NestHandler = (payload: unknown, second: SecondParameter) => Promise<unknown>;

/** Calls the handler; throws its own error or what a filter made of it, not the one that Nest masks it with. */
export async function callHandler(handle: NestHandler, payload: unknown, second: SecondParameter): Promise<unknown> {
  try {
    const result = await handle(payload, second);
    return isObservable(result) ? await lastValueFrom(result, { defaultValue: undefined }) : result;
  } catch (error) {
    throw unmasked(error, contextOf(transactionOf(second))?.error);
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
