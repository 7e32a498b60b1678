import type { PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';
import type { Command, Direction } from '../contract';
import { commandOf, idempotencyKeyOf, onCommitted, signalOf } from '../handlers';
import { once } from './third-party-calls';
import { clientOf } from './transaction-client';

/**
 * What a command handler can use besides the payload. A handler gets it as its second parameter, decorated with
 * `@Ctx()` of `@nestjs/microservices`; guards, interceptors and filters of such a handler get it from
 * `switchToRpc().getContext()`.
 */
export class CommandContext {
  constructor(
    /** The EntityManager of the transaction that also stores the reply: writes through it happen once. */
    readonly transaction: EntityManager,
  ) {}

  /**
   * The node-postgres client of the same transaction, for query builders such as Drizzle, Kysely and Knex. It begins and
   * ends no transaction: the library does.
   */
  get client(): PoolClient {
    return clientOf(this.transaction);
  }

  /** The whole message. */
  get command(): Command {
    return commandOf(this.transaction);
  }

  /** The id of the saga that sent the command. */
  get sagaId(): string {
    return this.command.sagaid;
  }

  /** The name of the saga's step. */
  get step(): string {
    return this.command.sagastep;
  }

  /** Whether the command does something for the saga, or takes it back. */
  get direction(): Direction {
    return this.command.sagadirection;
  }

  /** A new id for each attempt after a failure; the same when the command is resent. */
  get commandId(): string {
    return this.command.id;
  }

  /** The number of this attempt of the step, from 1. */
  get attempt(): number {
    return this.command.sagaattempt;
  }

  /** The key by which a third party must deduplicate: the same for every attempt of this step in this direction. */
  get idempotencyKey(): string {
    return idempotencyKeyOf(this.transaction);
  }

  /**
   * Aborts at the handler's time limit (`handlerTimeout`), or when it will run again in another transaction. Nothing
   * that the handler writes after that takes effect.
   */
  get signal(): AbortSignal {
    return signalOf(this.transaction);
  }

  /**
   * Calls a third party once for this step, and stores the result before the handler continues: a later attempt gets it
   * instead. See {@link once}.
   */
  once<Value>(name: string, call: (idempotencyKey: string, signal: AbortSignal) => Promise<Value>): Promise<Value> {
    return once(this.transaction, name, call);
  }

  /** Runs the callback when the transaction has committed and is on disk, and never otherwise. It must not throw. */
  onCommitted(callback: () => void): void {
    onCommitted(this.transaction, callback);
  }
}
