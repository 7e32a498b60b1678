import { defineCommand, defineEvent } from '@palinode/saga/contract';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsInt, IsUUID, Matches, Min, ValidateNested } from 'class-validator';
import { SKU } from './identifiers';
import { OrderLine } from './order-line';

export class ReserveStock {
  @IsUUID()
  orderId!: string;

  @ValidateNested({ each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @Type(() => OrderLine)
  lines!: OrderLine[];
}

export class StockReserved {
  @IsUUID()
  reservationId!: string;
}

export class ReleaseStock {
  @IsUUID()
  orderId!: string;
}

export class CommitStock {
  @IsUUID()
  orderId!: string;
}

export class ReturnStock {
  @IsUUID()
  orderId!: string;

  @ValidateNested({ each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @Type(() => OrderLine)
  lines!: OrderLine[];
}

/** Reserves the units of all lines, or none. */
export const reserveStock = defineCommand('inventory.reserve-stock', {
  payload: ReserveStock,
  reply: StockReserved,
  refusals: ['out-of-stock', 'unknown-sku'],
});

/** Releases a reservation. */
export const releaseStock = defineCommand('inventory.release-stock', { payload: ReleaseStock });

/** Removes the reserved units from the stock: they are sold. */
export const commitStock = defineCommand('inventory.commit-stock', { payload: CommitStock });

/** Returns sold units to the stock. */
export const returnStock = defineCommand('inventory.return-stock', { payload: ReturnStock });

export class StockLow {
  @Matches(SKU)
  sku!: string;

  /** Units that can still be sold. */
  @IsInt()
  @Min(0)
  available!: number;

  @IsInt()
  @Min(0)
  threshold!: number;
}

/** An article fell below its threshold. Published once until the article has risen above it again. */
export const stockLow = defineEvent('inventory.stock-low', { payload: StockLow, subject: ({ sku }) => sku });
