import type { EntityManager } from 'typeorm';
import type { CommandContract } from '../contract';
import { CommandContext } from './command-context';
import { callHandler, type HandlerTransaction, type NestHandler } from '../handlers';

export interface RegisteredHandler {
  readonly contract: CommandContract;
  readonly transaction: HandlerTransaction;
  /** How long it may take; Infinity for ever. */
  readonly timeoutMs: number;
  /** Whether it asks for a {@link CommandContext}; otherwise it gets the EntityManager alone. */
  readonly takesContext?: boolean;
  readonly handle: NestHandler;
}

/** Calls the handler with what its second parameter asks for; throws its own error or what a filter made of it. */
export function invoke(
  { handle, takesContext }: Pick<RegisteredHandler, 'handle' | 'takesContext'>,
  payload: unknown,
  tx: EntityManager,
): Promise<unknown> {
  return callHandler(handle, payload, takesContext ? new CommandContext(tx) : tx);
}
