/**
 * Receivable: what the customers' banks owe us. Held: authorized, not ours yet. Revenue: ours. Payable: what we owe customers whom
 * the gateway does not pay back.
 */
export type Account = 'receivable' | 'held' | 'revenue' | 'payable';

/** Moves an amount from one account to another: one is debited (+), the other credited (−), so the sum is zero. */
export interface Movement {
  readonly debit: Account;
  readonly credit: Account;
}

/** The bank promises the money. */
export const HOLD: Movement = { debit: 'receivable', credit: 'held' };

/** The promise is called in. */
export const CAPTURE: Movement = { debit: 'held', credit: 'revenue' };

/** The promise is given back. */
export const LET_GO: Movement = { debit: 'held', credit: 'receivable' };
