import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

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
