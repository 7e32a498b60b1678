const REFUSAL = Symbol.for('palinode.refusal');

/** The business says no: an answer, not an error. What the handler wrote is committed; to undo it, throw instead. */
export interface Refusal<Reason extends string = string> {
  readonly [REFUSAL]: true;
  readonly reason: Reason;
  /** A sentence for the person who reads why; it travels with the reply, so no secrets. */
  readonly detail?: string | undefined;
}

/** Refuses a command for a reason that its contract declares. */
export function refuse<const Reason extends string>(reason: Reason, detail?: string): Refusal<Reason> {
  return { [REFUSAL]: true, reason, ...(detail === undefined ? {} : { detail }) };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && REFUSAL in value;
}
