import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';
import type { CommandContract, PayloadOf, Refusal, RefusalsOf, ReplyOf } from '../contract';
import { markHandler } from './connect-server';
import { timeoutMsOf, type HandlerTimeout } from './handler-timeout';
import type { FormerTransaction, HandlerTransaction } from './handler-transaction';
import { OriginalErrorInterceptor } from './original-error-interceptor';

/** By this Nest tells the handlers of the saga transport from those of other transports. */
export const SAGA_TRANSPORT = Symbol.for('palinode.transport');

export interface HandleCommandOptions {
  /**
   * `per-command`: a transaction for this command alone. `per-batch`: one transaction for the commands of a batch, on one
   * pipelined connection; much cheaper, and right for a handler that only writes to its database.
   * @default 'per-command'
   */
  readonly transaction?: HandlerTransaction | FormerTransaction;
  /**
   * How long the handler may take, as `10s`, or `off`. Then its transaction is undone and its command answered with a failure,
   * `handler-timeout`. Let it be shorter than the timeout of the steps that send the command. @default that of ParticipantModule
   */
  readonly handlerTimeout?: HandlerTimeout;
}

export interface HandlerExtras {
  readonly contract: CommandContract;
  readonly transaction: HandlerTransaction | FormerTransaction;
  readonly handlerTimeoutMs: number | undefined;
}

type Answer<C extends CommandContract> =
  ReplyOf<C> extends undefined ? void | Refusal<RefusalsOf<C>> : ReplyOf<C> | Refusal<RefusalsOf<C>>;

type AnyMethod = (...args: never[]) => unknown;

/** What is wrong with a method as the handler of a command, in a sentence; anything fits where nothing is. */
type Fitting<H extends AnyMethod, C extends CommandContract> = [PayloadOf<C>, EntityManager] extends [
  ...Parameters<H>,
  ...unknown[],
]
  ? FittingAnswer<Awaited<ReturnType<H>>, ReturnType<H>, C>
  : 'The handler takes (payload, tx): the payload of its contract, and an EntityManager';

type FittingAnswer<Told, Returned, C extends CommandContract> =
  Returned extends Promise<unknown>
    ? [Exclude<ReasonOf<Told>, RefusalsOf<C>>] extends [never]
      ? [Told] extends [Answer<C>]
        ? FittingReply<Exclude<Told, Refusal>, ReplyOf<C>>
        : 'The handler does not answer with the reply of its contract'
      : `The contract does not declare the refusal ${Exclude<ReasonOf<Told>, RefusalsOf<C>>}`
    : 'The handler must return a promise';

/** A reply may be of any class that fits, but has no fields that would be lost. */
type FittingReply<Told, Reply> = 0 extends 1 & Told
  ? unknown
  : [Exclude<keyof Told, keyof Reply>] extends [never]
    ? unknown
    : [keyof Reply] extends [never]
      ? unknown
      : `The reply of the contract has no field ${Exclude<keyof Told, keyof Reply> & string}`;

type ReasonOf<Told> = Told extends Refusal<infer Reason> ? Reason : never;

/**
 * Makes a controller's method the handler of a command. It gets the payload, checked, and the EntityManager of the
 * transaction that also keeps its answer: what it writes through it happens once. It answers with a reply or a refusal that
 * the contract declares; when it throws, all is rolled back and the orchestrator decides on another attempt.
 */
export function HandleCommand<C extends CommandContract>(
  contract: C,
  { transaction = 'per-command', handlerTimeout }: HandleCommandOptions = {},
): <H extends AnyMethod>(
  target: object,
  key: string | symbol,
  descriptor: Fitting<H, C> & TypedPropertyDescriptor<H>,
) => void {
  const handlerTimeoutMs = handlerTimeout === undefined ? undefined : timeoutMsOf(handlerTimeout);
  const extras: HandlerExtras = { contract, transaction, handlerTimeoutMs };
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
