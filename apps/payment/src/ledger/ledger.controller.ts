import { Get } from '@nestjs/common';
import { ApiOkResponse, ApiProperty } from '@nestjs/swagger';
import { HttpController } from '@palinode/service';
import { Ledger } from './ledger';

class AccountBalance {
  @ApiProperty({ enum: ['receivable', 'held', 'revenue', 'payable'] })
  account!: string;

  @ApiProperty({ example: 'EUR' })
  currency!: string;

  @ApiProperty({ description: 'Debits count up, credits count down', example: -259_900 })
  cents!: number;
}

class LedgerSummary {
  @ApiProperty({ type: [AccountBalance] })
  balances!: AccountBalance[];

  @ApiProperty({ description: 'The sum of all balances; anything but 0 is a bug', example: 0 })
  totalCents!: number;
}

@HttpController('ledger')
export class LedgerController {
  constructor(private readonly ledger: Ledger) {}

  @Get()
  @ApiOkResponse({ type: LedgerSummary })
  async read(): Promise<LedgerSummary> {
    const balances = await this.ledger.balances();
    return { balances, totalCents: balances.reduce((sum, { cents }) => sum + cents, 0) };
  }
}
