import { EntityManager, type QueryRunner } from 'typeorm';
import { ConfigurationError, type Command, type DomainEvent } from '../contract';

export class HandlerContext {
  readonly afterCommit: (() => void)[] = [];
  error?: unknown;
  private controller: AbortController | undefined;
  private abandoned: Error | undefined;

  constructor(
    /** The command, or the event, that this transaction handles. */
    readonly message: Command | DomainEvent,
    /**
     * The group to which the event was delivered; undefined for a command. The message's own attributes do not tell the
     * two apart.
     */
    readonly subscriber?: string,
  ) {}

  /** Created when it is first needed. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.abandoned) this.controller.abort(this.abandoned);
    return this.controller.signal;
  }

  /** The handler is no longer waited for. */
  abandon(reason: Error): void {
    this.abandoned ??= reason;
    this.controller?.abort(reason);
  }

  /** Throws when the handler is no longer waited for. */
  assertAwaited(): void {
    if (this.abandoned) throw this.abandoned;
  }
}

/** What a handler gets beside the payload: the EntityManager of its transaction, or a context that has it. */
export type SecondParameter = EntityManager | { readonly transaction: EntityManager };

export function transactionOf(second: SecondParameter): EntityManager {
  return second instanceof EntityManager ? second : second.transaction;
}

const contexts = new WeakMap<EntityManager, HandlerContext>();
/**
 * The handler of a transaction, including its savepoints. Handlers that share one commit together, so any of them will
 * do.
 */
const handling = new WeakMap<QueryRunner, HandlerContext>();

export function openContext(tx: EntityManager, message: Command | DomainEvent, subscriber?: string): HandlerContext {
  const context = new HandlerContext(message, subscriber);
  contexts.set(tx, context);
  if (tx.queryRunner) handling.set(tx.queryRunner, context);
  return context;
}

export function contextOf(tx: EntityManager): HandlerContext | undefined {
  return contexts.get(tx);
}

/** The handler whose transaction runs on this connection, if it is one. */
export function contextOn(queryRunner: QueryRunner): HandlerContext | undefined {
  return handling.get(queryRunner);
}

/** The command that this transaction handles. */
export function commandOf(tx: EntityManager): Command {
  const { message, subscriber } = required(tx);
  if (subscriber !== undefined)
    throw new ConfigurationError('This is the EntityManager of an event; ask eventOf(tx) instead.');
  return message as Command;
}

/** The event that this transaction handles. */
export function eventOf(tx: EntityManager): DomainEvent {
  const { message, subscriber } = required(tx);
  if (subscriber === undefined)
    throw new ConfigurationError('This is the EntityManager of a command; ask commandOf(tx) instead.');
  return message as DomainEvent;
}

/** The group to which the event of this transaction was delivered; a service may have several. */
export function subscriberOf(tx: EntityManager): string {
  const { subscriber } = required(tx);
  if (subscriber === undefined) throw new ConfigurationError('This is not the EntityManager of an event.');
  return subscriber;
}

/**
 * The key by which a third party must deduplicate: the same for every attempt of this step in this direction, because
 * an earlier attempt that failed may have reached the third party.
 */
export function idempotencyKeyOf(tx: EntityManager): string {
  const { sagaid, sagastep, sagadirection } = commandOf(tx);
  return `${sagaid}/${sagastep}/${sagadirection}`;
}

/**
 * Aborts at the handler's time limit (`handlerTimeout`), with that as its reason, or when it will run again in another
 * transaction. Nothing that the handler writes after that takes effect; pass the signal to slow calls, such as `fetch`.
 */
export function signalOf(tx: EntityManager): AbortSignal {
  return required(tx).signal;
}

/**
 * Runs the callback when the handler's transaction has committed and is on disk. It never runs when the transaction has
 * not committed, or when that is unknown because the database went away. It must not throw.
 */
export function onCommitted(tx: EntityManager, callback: () => void): void {
  required(tx).afterCommit.push(callback);
}

function required(tx: EntityManager): HandlerContext {
  const context = contexts.get(tx);
  if (context === undefined) throw new ConfigurationError('This is not the EntityManager that a handler was given.');
  return context;
}
