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

/** So many units of one article at the price of this order. */
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

/** Whole again, so that nobody needs what was said before to understand it. */
export class OrderApproved extends OrderPlaced {}

export class OrderRejected {
  @IsUUID()
  orderId!: string;

  @Matches(CUSTOMER_ID)
  customerId!: string;

  /** The reason of the refusal, or the kind of trouble: `failure`, `no-answer`, `deadline`, `cancelled`. */
  @Matches(REASON)
  reason!: string;
}

/** The order as it was: nothing of it is sold any more, and all is paid back. */
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

  /** The order's count of what has happened to it, this included: of two, the larger one tells what the order is now. */
  @IsOptional()
  @IsInt()
  @Min(1)
  revision?: number;
}

const subject = ({ orderId }: { orderId: string }): string => orderId;

/** A customer ordered; whether there is enough in stock and on the card is not known yet. */
export const orderPlaced = defineEvent('order.placed', { payload: OrderPlaced, subject });

/** The order is paid, and the customer gets it. */
export const orderApproved = defineEvent('order.approved', { payload: OrderApproved, subject });

/** Nothing comes of the order, and nothing was charged. */
export const orderRejected = defineEvent('order.rejected', { payload: OrderRejected, subject });

/** The customer took an approved order back. */
export const orderCancelled = defineEvent('order.cancelled', { payload: OrderCancelled, subject });

/** The customer changed what an approved order is about. */
export const orderRevised = defineEvent('order.revised', { payload: OrderRevised, subject });
