/**
 * Receivable: owed to us by the customers' banks. Held: authorized, not ours yet. Revenue: ours. Payable: owed to customers
 * whom the gateway does not refund.
 */
export type Account = 'receivable' | 'held' | 'revenue' | 'payable';

/** Moves an amount from one account to another: one is debited (+), the other credited (−), so the sum is zero. */
export interface Movement {
  readonly debit: Account;
  readonly credit: Account;
}

/** The bank authorizes the amount. */
export const HOLD: Movement = { debit: 'receivable', credit: 'held' };

/** The authorized amount is captured. */
export const CAPTURE: Movement = { debit: 'held', credit: 'revenue' };

/** The authorization is voided. */
export const VOID: Movement = { debit: 'held', credit: 'receivable' };
