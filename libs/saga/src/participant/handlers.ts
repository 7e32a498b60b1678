import { lastValueFrom, isObservable } from 'rxjs';
import type { EntityManager } from 'typeorm';
import type { CommandContract } from '../contract';
import { contextOf } from './handler-context';

/** A handler as Nest wraps it, with the pipes, guards, interceptors and filters of the user around it. */
export type NestHandler = (payload: unknown, tx: EntityManager) => Promise<unknown>;

export interface RegisteredHandler {
  readonly contract: CommandContract;
  readonly transaction: 'own' | 'shared';
  readonly handle: NestHandler;
}

/** Calls the handler; throws its own error, not the one that Nest masks it with. */
export async function invoke({ handle }: RegisteredHandler, payload: unknown, tx: EntityManager): Promise<unknown> {
  try {
    const result = await handle(payload, tx);
    return isObservable(result) ? await lastValueFrom(result, { defaultValue: undefined }) : result;
  } catch (error) {
    const original = contextOf(tx)?.error;
    throw original === undefined ? error : original;
  }
}
