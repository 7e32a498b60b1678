import { defineCommand } from '@palinode/saga/contract';
import { IsInt, IsString, IsUUID, Min } from 'class-validator';

export class ChargeCard {
  @IsUUID() orderId!: string;
  @IsInt() @Min(1) amountCents!: number;
  @IsString() cardToken!: string;
}

export const chargeCard = defineCommand('payments.charge-card', { payload: ChargeCard, refusals: ['card-declined'] });
