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

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && REFUSAL in value;
}
