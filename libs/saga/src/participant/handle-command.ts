import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { PARAM_ARGS_METADATA } from '@nestjs/microservices/constants.js';
import { EntityManager } from 'typeorm';
import { ConfigurationError, type CommandContract } from '../contract';
import {
  markHandler,
  OriginalErrorInterceptor,
  type AnyMethod,
  type FormerTransaction,
  type HandlerTransaction,
} from '../handlers';
import { CommandContext } from './command-context';
import type { HandlesCommand } from './handles-command';
import { type HandlerTimeout, timeoutMsOf } from './handler-watch';

/** Marks the handlers of the saga transport for Nest. */
export const COMMAND_TRANSPORT = Symbol.for('palinode.transport');

/** The options of {@link HandleCommand}. */
export interface HandleCommandOptions {
  /**
   * `per-command`: a transaction for this command only. `per-batch`: one transaction for the commands of a batch, on
   * one pipelined connection; much cheaper, and right for a handler that only writes to its database.
   * @default 'per-command'
   */
  readonly transaction?: HandlerTransaction | FormerTransaction;
  /**
   * How long the handler may take, as `10s`, or `off`. After that its transaction is rolled back and its command
   * answered with the failure `handler-timeout`. It should be shorter than the timeout of the steps that send the
   * command. @default that of ParticipantModule
   */
  readonly handlerTimeout?: HandlerTimeout;
}

export interface HandlerExtras {
  readonly contract: CommandContract;
  readonly transaction: HandlerTransaction | FormerTransaction;
  readonly handlerTimeoutMs: number | undefined;
  readonly takesContext: boolean;
}

/**
 * Makes a controller's method the handler of a command. It gets the checked payload and the EntityManager of the
 * transaction that also stores its reply: writes through it happen once. With `@Ctx()` before its second parameter it
 * gets a {@link CommandContext} instead, which has that EntityManager and everything that is known of the command. It
 * returns a reply or a refusal that the contract declares. When it throws, everything is rolled back and the
 * orchestrator decides on another attempt.
 *
 * @throws ConfigurationError when the second parameter is a CommandContext without `@Ctx()`, or another type with it
 */
export function HandleCommand<C extends CommandContract>(
  contract: C,
  { transaction = 'per-command', handlerTimeout }: HandleCommandOptions = {},
): <H extends AnyMethod, Key extends string | symbol>(
  target: object,
  key: Key,
  descriptor: TypedPropertyDescriptor<H>,
) => HandlesCommand<Key, H, C> {
  const handlerTimeoutMs = handlerTimeout === undefined ? undefined : timeoutMsOf(handlerTimeout);
  return <H extends AnyMethod, Key extends string | symbol>(
    target: object,
    key: Key,
    descriptor: TypedPropertyDescriptor<H>,
  ) => {
    const takesContext = hasOwnDecorator(target, key, 1);
    assertSecondParameter(target, key, takesContext);
    const extras: HandlerExtras = { contract, transaction, handlerTimeoutMs, takesContext };
    // Nest passes only the payload unless the parameters are declared.
    if (!hasOwnDecorator(target, key, 0)) Payload()(target, key, 0);
    if (!takesContext) Ctx()(target, key, 1);
    applyDecorators(
      MessagePattern(contract.type, COMMAND_TRANSPORT, extras),
      UseInterceptors(OriginalErrorInterceptor),
    )(target, key, descriptor);
    markHandler(COMMAND_TRANSPORT, descriptor.value);
    return undefined as HandlesCommand<Key, H, C>;
  };
}

/** Whether the user has decorated this parameter; decorators of parameters run before those of their method. */
function hasOwnDecorator(target: object, key: string | symbol, index: number): boolean {
  const decorated = Reflect.getMetadata(PARAM_ARGS_METADATA, target.constructor, key) as
    Readonly<Record<string, { readonly index: number }>> | undefined;
  return Object.values(decorated ?? {}).some((each) => each.index === index);
}

/** The compiler sees no decorators: without this check a handler would get the wrong one of the two. */
function assertSecondParameter(target: object, key: string | symbol, takesContext: boolean): void {
  const types = Reflect.getMetadata('design:paramtypes', target, key) as readonly unknown[] | undefined;
  const name = `${target.constructor.name}.${String(key)}`;
  if (types?.[1] === CommandContext && !takesContext)
    throw new ConfigurationError(`${name} takes a CommandContext; write @Ctx() before that parameter.`);
  if (types?.[1] === EntityManager && takesContext)
    throw new ConfigurationError(
      `${name} has @Ctx() before an EntityManager; make it a CommandContext, or remove @Ctx().`,
    );
}
