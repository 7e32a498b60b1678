import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';
import type { CommandContract, PayloadOf, Refusal, RefusalsOf, ReplyOf } from '../contract';
import { markHandler } from './connect-server';
import { OriginalErrorInterceptor } from './original-error-interceptor';

/** By this Nest tells the handlers of the saga transport from those of other transports. */
export const SAGA_TRANSPORT = Symbol.for('palinode.transport');

export interface HandleCommandOptions {
  /**
   * `own`: a transaction for this command alone. `shared`: that of its flush, together with other commands on one
   * pipelined connection; much cheaper, and right for a handler that does nothing but write to its database.
   * @default 'own'
   */
  readonly transaction?: 'own' | 'shared';
}

export interface HandlerExtras {
  readonly contract: CommandContract;
  readonly transaction: 'own' | 'shared';
}

type Answer<C extends CommandContract> =
  ReplyOf<C> extends undefined ? void | Refusal<RefusalsOf<C>> : ReplyOf<C> | Refusal<RefusalsOf<C>>;

type Handler<C extends CommandContract> = (command: PayloadOf<C>, tx: EntityManager) => Promise<Answer<C>>;

/**
 * Makes a controller's method the handler of a command. It gets the payload, checked, and the EntityManager of the
 * transaction that also keeps its answer: what it writes through it happens once. It answers with a reply or a refusal that
 * the contract declares; when it throws, all is rolled back and the orchestrator decides on another attempt.
 */
export function HandleCommand<C extends CommandContract>(
  contract: C,
  { transaction = 'own' }: HandleCommandOptions = {},
): <H extends Handler<C>>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<H>) => void {
  const extras: HandlerExtras = { contract, transaction };
  const handle = applyDecorators(
    MessagePattern(contract.type, SAGA_TRANSPORT, extras),
    UseInterceptors(OriginalErrorInterceptor),
  );
  return (target, key, descriptor) => {
    // Nest hands over the payload alone unless it is told what the parameters are.
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    handle(target, key, descriptor);
    markHandler(SAGA_TRANSPORT, descriptor.value);
  };
}
