import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CUSTOMER_ID } from '@palinode/contracts';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { IsId } from '@palinode/saga/contract';
import { OrderWait } from '../outages/order-wait';

export const ORDER_STATUSES = ['PENDING', 'APPROVED', 'REJECTED', 'REVISING', 'CANCELLING', 'CANCELLED'] as const;

/**
 * PENDING, REVISING and CANCELLING while a saga is in progress: clients see that the order is not settled, and no other saga
 * begins.
 */
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Whether a saga is in progress for an order of this status. */
export function isUnderWay(status: OrderStatus): boolean {
  return status === 'PENDING' || status === 'REVISING' || status === 'CANCELLING';
}

export class OrderedLine {
  @ApiProperty({ example: 'SKU-CUP' })
  sku!: string;

  @ApiProperty({ example: 'Porcelain cup' })
  name!: string;

  @ApiProperty({ example: 2 })
  quantity!: number;

  @ApiProperty({ example: 1_250 })
  unitPriceCents!: number;
}

export class OrderRejection {
  @ApiProperty({ example: 'card-declined' })
  reason!: string;

  @ApiProperty({ example: 'Your card was declined. Please use another one.' })
  message!: string;
}

export class Order {
  @ApiProperty({ format: 'uuid' })
  orderId!: string;

  @ApiProperty({ format: 'uuid' })
  sagaId!: string;

  @ApiProperty({ example: 'customer-7' })
  customerId!: string;

  @ApiProperty({ enum: ORDER_STATUSES })
  status!: OrderStatus;

  @ApiPropertyOptional()
  rejection?: OrderRejection;

  @ApiPropertyOptional({
    example: 'Not cancelled: not-refundable',
    description: 'Why the last requested change was dropped',
  })
  notice?: string;

  @ApiPropertyOptional({ description: 'What the order is waiting for while it is PENDING' })
  waitsFor?: OrderWait;

  @ApiProperty({ type: [OrderedLine] })
  lines!: OrderedLine[];

  @ApiProperty({ example: 2_500 })
  totalCents!: number;

  @ApiProperty({ example: 'EUR' })
  currency!: string;

  @ApiProperty()
  createdAt!: Date;

  @ApiProperty({ example: 1, description: 'The number of its events, which is the id of the last one' })
  revision!: number;

  @ApiProperty({ nullable: true, type: Date })
  endedAt!: Date | null;
}

export class OrderParams {
  @ApiProperty({ format: 'uuid' })
  @IsId()
  id!: string;
}

export class OrderQuery {
  @ApiPropertyOptional({ enum: ORDER_STATUSES })
  @IsOptional()
  @IsIn(ORDER_STATUSES)
  status?: OrderStatus;

  @ApiPropertyOptional({ example: 'customer-7' })
  @IsOptional()
  @Matches(CUSTOMER_ID)
  customerId?: string;

  @ApiPropertyOptional({ minimum: 1, maximum: 100, default: 20 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit: number = 20;

  @ApiPropertyOptional({ description: 'The `next` of the page before' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  cursor?: string;
}

export class OrderPage {
  @ApiProperty({ type: [Order], description: 'Newest first' })
  items!: Order[];

  @ApiPropertyOptional({ description: 'The cursor of the next page; missing on the last one' })
  next?: string;
}
