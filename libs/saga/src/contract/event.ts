import { ConfigurationError } from './errors';
import type { Class } from './json-schema';
import { assertDeclares } from './validation';
import { assertVersion } from './version';

/** A fact that a service publishes to its subscribers. Made by {@link defineEvent}. */
export interface EventContract<Payload extends object = object> {
  /** Wire name, `<service>.<what-happened>`. */
  readonly name: string;
  readonly version: number;
  /** CloudEvents type, `<name>.v<version>`. */
  readonly type: string;
  /** The service that publishes it; its topic is `<service>.events`. */
  readonly service: string;
  readonly payload: Class<Payload>;
  /** The business key, such as an order id: events of one key keep their order. */
  subject(payload: Payload): string;
}

/** The class of an event's payload. */
export type EventPayloadOf<E> = E extends EventContract<infer Payload> ? Payload : never;

const NAME = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/;

/**
 * Declares an event: its wire name, the class of its payload, and its business key. A subscriber may declare it again
 * with a class of its own that has only the fields it reads.
 *
 * @throws ConfigurationError when the name is not `<service>.<what-happened>`, or the class has no rules or rules that
 * cannot be checked.
 */
export function defineEvent<P extends object>(
  name: string,
  { payload, subject, version = 1 }: { payload: Class<P>; subject: (payload: P) => string; version?: number },
): EventContract<P> {
  if (!NAME.test(name)) {
    throw new ConfigurationError(
      `"${name}" is not an event name; write <service>.<what-happened>, such as order.placed.`,
    );
  }
  assertVersion(name, version);
  assertDeclares(payload);
  const service = name.slice(0, name.indexOf('.'));
  return Object.freeze({ name, version, type: `${name}.v${version}`, service, payload, subject });
}

/** Returns the same event from another publisher, such as the lifecycle events of the orchestrator with this name. */
export function publishedBy<P extends object>(service: string, event: EventContract<P>): EventContract<P> {
  return Object.freeze({ ...event, service });
}
