import { defineCommand } from '@palinode/saga/contract';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsUUID, ValidateNested } from 'class-validator';
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

/** Sets the units of all lines aside, or none. */
export const reserveStock = defineCommand('inventory.reserve-stock', {
  payload: ReserveStock,
  reply: StockReserved,
  refusals: ['out-of-stock', 'unknown-sku'],
});

/** Takes a reservation back. */
export const releaseStock = defineCommand('inventory.release-stock', { payload: ReleaseStock });

/** The reserved units are sold: they leave the stock for good. */
export const commitStock = defineCommand('inventory.commit-stock', { payload: CommitStock });

/** Units that were sold come back, and can be sold again. */
export const returnStock = defineCommand('inventory.return-stock', { payload: ReturnStock });
