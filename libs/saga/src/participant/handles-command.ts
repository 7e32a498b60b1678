/*
 * Which methods can handle a command. For the others the decorator returns a message: the compiler shows it, because a
 * decorator must return nothing. Each message names the method and the remedy.
 */
import type { EntityManager } from 'typeorm';
import type { CommandContract, PayloadOf, Refusal, RefusalsOf, ReplyOf, SagaTypeError } from '../contract';
import type { AnyMethod, NameOf, Takes } from '../handlers';
import type { CommandContext } from './command-context';

/** Nothing if the method can handle the command; otherwise a message. */
export type HandlesCommand<Key, H extends AnyMethod, C extends CommandContract> =
  // Every payload is an object only for something that the compiler has already rejected as a contract.
  object extends PayloadOf<C>
    ? void
    : true extends Takes<H, [PayloadOf<C>, EntityManager]> | Takes<H, [PayloadOf<C>, CommandContext]>
      ? Returns<NameOf<Key>, ReturnType<H>, C>
      : SagaTypeError<`${NameOf<Key>} must take the payload of its command, then an EntityManager, or a CommandContext with @Ctx()`>;

type Returns<Name extends string, Returned, C extends CommandContract> = [Returned] extends [Promise<infer Result>]
  ? 0 extends 1 & Result
    ? void
    : [Exclude<ReasonOf<Result>, RefusalsOf<C>>] extends [never]
      ? Replies<Name, Exclude<Result, Refusal>, ReplyOf<C>>
      : SagaTypeError<`${Name} refuses for a reason that its command does not declare: add ${Exclude<ReasonOf<Result>, RefusalsOf<C>>} to its refusals`>
  : SagaTypeError<`${Name} must return a promise: make it async`>;

type ReasonOf<Result> = Result extends Refusal<infer Reason> ? Reason : never;

/** A reply may be of any class that matches, but must have no fields that would be lost. */
type Replies<Name extends string, Given, Reply> = [Given] extends [never]
  ? void
  : [Reply] extends [undefined]
    ? [Given] extends [void]
      ? void
      : SagaTypeError<`${Name} must return nothing: its command declares no reply`>
    : [Given] extends [Reply]
      ? NoneUnknown<Name, Given, Reply>
      : SagaTypeError<`${Name} must return the reply of its command, with ${OneOf<Missing<Given, Reply>, 'all its fields'>}`>;

type NoneUnknown<Name extends string, Given, Reply> = [keyof Reply] extends [never]
  ? void
  : [Exclude<keyof Given, keyof Reply>] extends [never]
    ? void
    : SagaTypeError<`${Name} returns a field that the reply of its command does not have: remove ${OneOf<Exclude<keyof Given, keyof Reply>, 'it'>}, or correct its name`>;

/** The fields of a reply that are missing or have another type. */
type Missing<Given, Reply> = {
  [Field in keyof Reply]-?: Field extends keyof Given
    ? Given[Field] extends Reply[Field]
      ? never
      : Field
    : undefined extends Reply[Field]
      ? never
      : Field;
}[keyof Reply];

/** A message about no field would be no message: the mistake would compile. */
type OneOf<Field, Otherwise extends string> = [Field & string] extends [never] ? Otherwise : Field & string;
