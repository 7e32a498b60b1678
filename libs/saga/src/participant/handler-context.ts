import type { EntityManager } from 'typeorm';
import { WiringError, type Command } from '../contract';

interface HandlerContext {
  readonly command: Command;
  readonly afterCommit: (() => void)[];
  error?: unknown;
}

const contexts = new WeakMap<EntityManager, HandlerContext>();

export function openContext(tx: EntityManager, command: Command): HandlerContext {
  const context = { command, afterCommit: [] };
  contexts.set(tx, context);
  return context;
}

export function contextOf(tx: EntityManager): HandlerContext | undefined {
  return contexts.get(tx);
}

/** The command that this transaction handles. */
export function commandOf(tx: EntityManager): Command {
  return required(tx).command;
}

/**
 * The key under which a third party must recognise a repetition: the same for every attempt of this step in this direction,
 * because a handler that failed may have reached the third party before.
 */
export function idempotencyKeyOf(tx: EntityManager): string {
  const { sagaid, sagastep, sagadirection } = commandOf(tx);
  return `${sagaid}/${sagastep}/${sagadirection}`;
}

/** Runs the callback when the handler's transaction has committed, and never when it has not. It must not throw. */
export function onCommitted(tx: EntityManager, callback: () => void): void {
  required(tx).afterCommit.push(callback);
}

function required(tx: EntityManager): HandlerContext {
  const context = contexts.get(tx);
  if (context === undefined)
    throw new WiringError('This is not the EntityManager that a @HandleCommand method was given.');
  return context;
}
