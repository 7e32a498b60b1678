/**
 * The attributes that are passed on with a saga's messages: a command has those of its saga, a reply those of its
 * command. The library does not read them; hooks do (decision 0051).
 */
export const CARRIED = {
  traceparent: 'W3C Trace Context, passed on.',
  sagafault: 'The faults requested for this saga, passed on; in development only.',
} as const;

/** Attributes that are passed on with all messages of a saga; a missing one is not sent. */
export type Carried = { readonly [Name in keyof typeof CARRIED]?: string | undefined };

export const CARRIED_NAMES = Object.keys(CARRIED) as readonly (keyof Carried)[];

/** Returns the carried attributes of a message; undefined when it has none. */
export function carriedBy(message: Carried): Carried | undefined {
  let carried: Partial<Record<keyof Carried, string>> | undefined;
  for (const name of CARRIED_NAMES) {
    const value = message[name];
    if (value !== undefined) (carried ??= {})[name] = value;
  }
  return carried;
}
