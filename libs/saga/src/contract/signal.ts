import { ConfigurationError } from './errors';
import type { Class } from './json-schema';
import { assertDeclares } from './validation';

/** A message from outside that a saga waits for, such as a person's consent. Made by {@link defineSignal}. */
export interface SignalContract<Payload extends object = object> {
  /** Wire name, such as `customer-consent`. */
  readonly name: string;
  readonly payload: Class<Payload>;
  /** The name of the orchestrator whose sagas wait for it. @default 'orchestrator' */
  readonly orchestrator?: string | undefined;
}

/** The class of a signal's payload. */
export type SignalOf<S> = S extends SignalContract<infer Payload> ? Payload : never;

const NAME = /^[a-z][a-z0-9-]*$/;

/**
 * Declares a signal by its wire name and the class of its data.
 *
 * @throws ConfigurationError when the name is not `verb-noun`, or the class has no rules or rules that cannot be
 * checked.
 */
export function defineSignal<P extends object>(
  name: string,
  { payload, orchestrator }: { payload: Class<P>; orchestrator?: string },
): SignalContract<P> {
  if (!NAME.test(name)) {
    throw new ConfigurationError(
      `"${name}" is not a signal name; use lower-case letters, digits and dashes: customer-consent.`,
    );
  }
  assertDeclares(payload);
  return Object.freeze({ name, payload, ...(orchestrator === undefined ? {} : { orchestrator }) });
}
