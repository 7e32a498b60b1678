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
    /** As which member the event came; of a command, none. What a message says of itself does not tell the two apart. */
    readonly subscriber?: string,
  ) {}

  /** Made when it is first asked for. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.abandoned) this.controller.abort(this.abandoned);
    return this.controller.signal;
  }

  /** Nobody waits for the handler any longer. */
  abandon(reason: Error): void {
    this.abandoned ??= reason;
    this.controller?.abort(reason);
  }

  /** Throws when nobody waits for the handler any longer. */
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
/** Of whom a transaction is, its savepoints included. Handlers that share one commit together, so any of them will do. */
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

/** Of the handler whose transaction this connection is in, where it is a handler's. */
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

/** The group to which the event of this transaction came; a service may have several open. */
export function subscriberOf(tx: EntityManager): string {
  const { subscriber } = required(tx);
  if (subscriber === undefined) throw new ConfigurationError('This is not the EntityManager of an event.');
  return subscriber;
}

/**
 * The key under which a third party must recognise a repetition: the same for every attempt of this step in this direction,
 * because a handler that failed may have reached the third party before.
 */
export function idempotencyKeyOf(tx: EntityManager): string {
  const { sagaid, sagastep, sagadirection } = commandOf(tx);
  return `${sagaid}/${sagastep}/${sagadirection}`;
}

/**
 * Aborts when the time of the handler is over (`handlerTimeout`), with that as its reason, or when it will run again in another
 * transaction. Nothing that it writes from then on counts; hand the signal to what takes its time, such as `fetch`.
 */
export function signalOf(tx: EntityManager): AbortSignal {
  return required(tx).signal;
}

/**
 * Runs the callback when the handler's transaction has committed and is on the disk, and never when it has not, or when
 * that is not known because the database went away. It must not throw.
 */
export function onCommitted(tx: EntityManager, callback: () => void): void {
  required(tx).afterCommit.push(callback);
}

function required(tx: EntityManager): HandlerContext {
  const context = contexts.get(tx);
  if (context === undefined) throw new ConfigurationError('This is not the EntityManager that a handler was given.');
  return context;
}
