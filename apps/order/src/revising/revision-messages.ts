import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsUUID } from 'class-validator';
import { OrderedLine } from '../orders/order-messages';
import { OrderRequest } from '../placing/placing-messages';

export const REVISION_STATUSES = ['ASKED', 'BEGUN', 'COMMITTED', 'DONE', 'DROPPED'] as const;

/** The lines that the order should have; the card pays a higher price. */
export class RevisionRequest extends PickType(OrderRequest, ['lines', 'paymentToken']) {}

/** The answer to one price of one revision. */
export class ConsentRequest {
  @ApiProperty({ example: true })
  @IsBoolean()
  accepted!: boolean;

  @ApiProperty({ format: 'uuid', description: 'The revision that asks' })
  @IsUUID()
  revisionId!: string;

  @ApiProperty({ example: 500, description: 'What it asks for: `differenceCents` of the revision, once it is BEGUN' })
  @IsInt()
  differenceCents!: number;
}

export class RevisionAccepted {
  @ApiProperty({ format: 'uuid' })
  orderId!: string;

  @ApiProperty({ format: 'uuid' })
  revisionId!: string;

  @ApiProperty({ format: 'uuid' })
  sagaId!: string;

  @ApiProperty({
    example: 500,
    description:
      'What it would cost more by what the order is now, or less when negative. What counts is `differenceCents` of the ' +
      'revision once it is BEGUN: other revisions may come first.',
  })
  differenceCents!: number;
}

/** The revision that was answered. */
export class ConsentTaken extends PickType(RevisionAccepted, ['orderId', 'revisionId', 'sagaId']) {}

export class Revision {
  @ApiProperty({ format: 'uuid' })
  revisionId!: string;

  @ApiProperty({ format: 'uuid' })
  sagaId!: string;

  @ApiProperty({
    enum: REVISION_STATUSES,
    description: 'The order is held for it while it is BEGUN or COMMITTED; once COMMITTED it is never undone',
  })
  status!: (typeof REVISION_STATUSES)[number];

  @ApiPropertyOptional({ type: String, nullable: true, example: 'price-not-accepted' })
  droppedBecause!: string | null;

  @ApiProperty({ type: [OrderedLine] })
  lines!: OrderedLine[];

  @ApiProperty({ example: 3_000 })
  totalCents!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 500,
    description: 'The difference in price; null before it has BEGUN. A higher price needs consent.',
  })
  differenceCents!: number | null;

  @ApiProperty({ type: Boolean, nullable: true, description: 'What the customer has answered; null before' })
  consent!: boolean | null;

  @ApiProperty()
  createdAt!: Date;
}
