/**
 * The attributes that a saga's messages carry along: a command has those of its saga, a reply those of its command. The
 * library passes them on unread. Their meaning is known to what is hooked in (decision 0051).
 */
export const CARRIED = {
  traceparent: 'W3C Trace Context, handed on.',
  sagafault: 'Faults that were asked for this saga, handed on; in development only.',
} as const;

export type Carried = { readonly [Name in keyof typeof CARRIED]?: string | undefined };

export const CARRIED_NAMES = Object.keys(CARRIED) as readonly (keyof Carried)[];

/** What a message carries along; undefined when that is nothing. */
export function carriedBy(message: Carried): Carried | undefined {
  let carried: Partial<Record<keyof Carried, string>> | undefined;
  for (const name of CARRIED_NAMES) {
    const value = message[name];
    if (value !== undefined) (carried ??= {})[name] = value;
  }
  return carried;
}
