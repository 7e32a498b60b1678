import { ApiProperty } from '@nestjs/swagger';
import { IsId } from '@palinode/saga/contract';

export class PaymentQuery {
  @ApiProperty({ format: 'uuid' })
  @IsId()
  orderId!: string;
}

export class Payment {
  @ApiProperty({ format: 'uuid' })
  authorizationId!: string;

  @ApiProperty({ format: 'uuid' })
  orderId!: string;

  @ApiProperty({ example: 2_599 })
  amountCents!: number;

  @ApiProperty({ example: 0 })
  refundedCents!: number;

  @ApiProperty({ example: 0, description: 'The amount owed to the customer because the gateway does not pay it back' })
  owedCents!: number;

  @ApiProperty({ example: 'EUR' })
  currency!: string;

  @ApiProperty({ enum: ['AUTHORIZED', 'CAPTURED', 'VOIDED', 'DECLINED'] })
  status!: string;

  @ApiProperty({ type: String, nullable: true, example: 'card-declined' })
  declinedBecause!: string | null;

  @ApiProperty()
  createdAt!: Date;
}

export class PaymentList {
  @ApiProperty({ type: [Payment] })
  items!: Payment[];
}
