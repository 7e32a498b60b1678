import type { EntityManager } from 'typeorm';
import type { Command, Direction } from '../contract';
import { commandOf, idempotencyKeyOf, onCommitted, signalOf } from '../handlers';
import { once } from './third-party-calls';

/**
 * What a command handler may know and use beside the payload. A handler gets it as its second parameter, decorated with `@Ctx()` of
 * `@nestjs/microservices`; guards, interceptors and filters of such a handler get it by `switchToRpc().getContext()`.
 */
export class CommandContext {
  constructor(
    /** Of the transaction that also keeps the answer: what is written through it happens once. */
    readonly transaction: EntityManager,
  ) {}

  /** The whole message. */
  get command(): Command {
    return commandOf(this.transaction);
  }

  get sagaId(): string {
    return this.command.sagaid;
  }

  /** The name of the saga's step. */
  get step(): string {
    return this.command.sagastep;
  }

  get direction(): Direction {
    return this.command.sagadirection;
  }

  /** Another one for each attempt after a failure, the same when the command is sent again. */
  get commandId(): string {
    return this.command.id;
  }

  /** The number of this attempt of the step, from 1. */
  get attempt(): number {
    return this.command.sagaattempt;
  }

  /** By which a third party must recognise a repetition: the same for every attempt of this step in this direction. */
  get idempotencyKey(): string {
    return idempotencyKeyOf(this.transaction);
  }

  /**
   * Aborts when the time of the handler is over (`handlerTimeout`), or when it will run again in another transaction. Nothing that
   * it writes from then on counts.
   */
  get signal(): AbortSignal {
    return signalOf(this.transaction);
  }

  /**
   * Calls a third party once for this step, and keeps the result before the handler goes on: a later attempt gets it instead.
   * Promises and throws what the function {@link once} does.
   */
  once<Value>(name: string, call: (idempotencyKey: string, signal: AbortSignal) => Promise<Value>): Promise<Value> {
    return once(this.transaction, name, call);
  }

  /** Runs the callback when the transaction has committed and is on the disk, and never when it has not. It must not throw. */
  onCommitted(callback: () => void): void {
    onCommitted(this.transaction, callback);
  }
}
