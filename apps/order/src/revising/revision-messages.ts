import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { OrderedLine } from '../orders/order-messages';
import { OrderRequest } from '../placing/placing-messages';

export const REVISION_STATUSES = ['ASKED', 'BEGUN', 'DONE', 'DROPPED'] as const;

/** The order as the customer wants it from now on; the card pays, should it cost more. */
export class RevisionRequest extends PickType(OrderRequest, ['lines', 'paymentToken']) {}

export class ConsentRequest {
  @ApiProperty({ example: true })
  @IsBoolean()
  accepted!: boolean;
}

export class RevisionAccepted {
  @ApiProperty({ format: 'uuid' })
  orderId!: string;

  @ApiProperty({ format: 'uuid' })
  revisionId!: string;

  @ApiProperty({ format: 'uuid' })
  sagaId!: string;

  @ApiProperty({ example: 500, description: 'What the order costs more by the catalogue, or less when negative' })
  differenceCents!: number;
}

/** The revision that was meant. */
export class ConsentTaken extends PickType(RevisionAccepted, ['orderId', 'revisionId', 'sagaId']) {}

export class Revision {
  @ApiProperty({ format: 'uuid' })
  revisionId!: string;

  @ApiProperty({ format: 'uuid' })
  sagaId!: string;

  @ApiProperty({ enum: REVISION_STATUSES })
  status!: (typeof REVISION_STATUSES)[number];

  @ApiPropertyOptional({ type: String, nullable: true, example: 'price-not-accepted' })
  droppedBecause!: string | null;

  @ApiProperty({ type: [OrderedLine] })
  lines!: OrderedLine[];

  @ApiProperty({ example: 3_000 })
  totalCents!: number;

  @ApiProperty()
  createdAt!: Date;
}
