import { ConfigurationError } from './errors';
import type { Class } from './json-schema';
import { assertDeclares } from './validation';
import { assertVersion } from './version';

const REFUSAL = Symbol.for('palinode.refusal');

/**
 * A reply by which the business says no; not an error. What the handler wrote is committed; throw instead to roll it
 * back.
 */
export interface Refusal<Reason extends string = string> {
  readonly [REFUSAL]: true;
  readonly reason: Reason;
  /** A sentence that says why, for people; it travels with the reply, so it must contain no secrets. */
  readonly detail?: string | undefined;
}

/** Refuses a command for a reason that its contract declares. */
export function refuse<const Reason extends string>(reason: Reason, detail?: string): Refusal<Reason> {
  return { [REFUSAL]: true, reason, ...(detail === undefined ? {} : { detail }) };
}

/** True for what {@link refuse} returns, also when another copy of the library made it. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && REFUSAL in value;
}

/** A command that one service sends to another, and its possible replies. Made by {@link defineCommand}. */
export interface CommandContract<
  Payload extends object = object,
  Reply extends object | undefined = object | undefined,
  Reason extends string = string,
> {
  /** Wire name, `<service>.<verb-noun>`. */
  readonly name: string;
  readonly version: number;
  /** CloudEvents type, `<name>.v<version>`. */
  readonly type: string;
  /** The service that handles it; its topic is `<service>.commands`. */
  readonly service: string;
  readonly payload: Class<Payload>;
  readonly reply: Class<NonNullable<Reply>> | undefined;
  /** The reasons for which the participant may refuse it. */
  readonly refusals: readonly Reason[];
  /** Only for the compiler: the type of the reply. */
  readonly replyType?: Reply;
}

/** The class of a command's payload. */
export type PayloadOf<C> = C extends CommandContract<infer Payload, infer _Reply, infer _Reason> ? Payload : never;
/** The class of a command's reply; undefined for a command that is answered without data. */
export type ReplyOf<C> = C extends CommandContract<infer _Payload, infer Reply, infer _Reason> ? Reply : never;
/** The reasons for which a command may be refused, as a union; never for one that cannot be. */
export type RefusalsOf<C> = C extends CommandContract<infer _Payload, infer _Reply, infer Reason> ? Reason : never;

const NAME = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/;

/**
 * Declares a command: its wire name, the classes of its payload and reply, and the reasons for which it may be refused.
 * Without `refusals` it cannot be refused; retriable transactions and compensations need such a command.
 *
 * @throws ConfigurationError when the name is not `<service>.<verb-noun>`, or a class has no rules or rules that cannot
 * be checked.
 */
export function defineCommand<P extends object, R extends object, const F extends string = never>(
  name: string,
  contract: { payload: Class<P>; reply: Class<R>; refusals?: readonly F[]; version?: number },
): CommandContract<P, R, F>;
export function defineCommand<P extends object, const F extends string = never>(
  name: string,
  contract: { payload: Class<P>; reply?: undefined; refusals?: readonly F[]; version?: number },
): CommandContract<P, undefined, F>;
export function defineCommand(
  name: string,
  contract: { payload: Class<object>; reply?: Class<object>; refusals?: readonly string[]; version?: number },
): CommandContract {
  if (!NAME.test(name)) {
    throw new ConfigurationError(
      `"${name}" is not a command name; write <service>.<verb-noun>, such as inventory.reserve-stock.`,
    );
  }
  const { payload, reply, refusals = [], version = 1 } = contract;
  assertVersion(name, version);
  assertDeclares(payload);
  if (reply !== undefined) assertDeclares(reply);
  const service = name.slice(0, name.indexOf('.'));
  return Object.freeze({
    name,
    version,
    type: `${name}.v${version}`,
    service,
    payload,
    reply,
    refusals: [...refusals],
  });
}
