import { defineEvent } from '@palinode/saga/contract';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { CURRENCY, CUSTOMER_ID, REASON, SKU } from './identifiers';

/** A quantity of one article at the price of this order. */
export class OrderedArticle {
  @Matches(SKU)
  sku!: string;

  @IsString()
  @MaxLength(200)
  name!: string;

  @IsInt()
  @Min(1)
  quantity!: number;

  @IsInt()
  @Min(0)
  unitPriceCents!: number;
}

/** The order as it was placed. */
export class OrderPlaced {
  @IsUUID()
  orderId!: string;

  @Matches(CUSTOMER_ID)
  customerId!: string;

  @ValidateNested({ each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @Type(() => OrderedArticle)
  lines!: OrderedArticle[];

  @IsInt()
  @Min(1)
  totalCents!: number;

  @Matches(CURRENCY)
  currency!: string;
}

/** The whole order again, so that a subscriber needs no earlier event. */
export class OrderApproved extends OrderPlaced {}

export class OrderRejected {
  @IsUUID()
  orderId!: string;

  @Matches(CUSTOMER_ID)
  customerId!: string;

  /** The reason of the refusal, or the kind of failure: `failure`, `no-answer`, `deadline`, `cancelled`. */
  @Matches(REASON)
  reason!: string;
}

/** The order as it was: it no longer counts as sold, and it is fully refunded. */
export class OrderCancelled extends OrderPlaced {}

/** The order as it is now. */
export class OrderRevised extends OrderPlaced {
  @ValidateNested({ each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @Type(() => OrderedArticle)
  linesBefore!: OrderedArticle[];

  @IsInt()
  @Min(1)
  totalCentsBefore!: number;

  /** The number of the order's event; the event with the larger number is newer. */
  @IsOptional()
  @IsInt()
  @Min(1)
  revision?: number;
}

const subject = ({ orderId }: { orderId: string }): string => orderId;

/** A customer placed an order. Stock and payment are not decided yet. */
export const orderPlaced = defineEvent('order.placed', { payload: OrderPlaced, subject });

/** The order is paid and will be delivered. */
export const orderApproved = defineEvent('order.approved', { payload: OrderApproved, subject });

/** The order was rejected, and nothing was charged. */
export const orderRejected = defineEvent('order.rejected', { payload: OrderRejected, subject });

/** The customer cancelled an approved order. */
export const orderCancelled = defineEvent('order.cancelled', { payload: OrderCancelled, subject });

/** The customer revised an approved order. */
export const orderRevised = defineEvent('order.revised', { payload: OrderRevised, subject });
