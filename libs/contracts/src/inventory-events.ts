import { defineEvent } from '@palinode/saga/contract';
import { IsInt, Matches, Min } from 'class-validator';
import { SKU } from './identifiers';

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
