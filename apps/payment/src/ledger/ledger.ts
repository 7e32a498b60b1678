import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/**
 * Receivable: owed to us by the customers' banks. Held: authorized, not ours yet. Revenue: ours. Payable: owed to
 * customers whom the gateway does not refund.
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

export interface Balance {
  readonly account: string;
  readonly currency: string;
  readonly cents: number;
}

@Injectable()
export class Ledger {
  constructor(private readonly dataSource: DataSource) {}

  async balances(): Promise<Balance[]> {
    const rows: { account: string; currency: string; cents: string }[] = await this.dataSource.query(
      `SELECT account, currency, sum(amount_cents)::text AS cents FROM ledger_entry
       GROUP BY account, currency ORDER BY account, currency`,
    );
    return rows.map(({ cents, ...row }) => ({ ...row, cents: Number(cents) }));
  }
}
