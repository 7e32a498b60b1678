import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsISO8601, IsIn, IsOptional, Matches } from 'class-validator';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_RULE = { message: 'must be a day such as 2026-11-21' };

export class SalesQuery {
  @ApiProperty({ enum: ['sku', 'day'] })
  @IsIn(['sku', 'day'])
  by!: 'sku' | 'day';

  @ApiPropertyOptional({ example: '2026-11-01', description: 'The first day, in UTC' })
  @IsOptional()
  @IsISO8601({ strict: true }, DAY_RULE)
  @Matches(DAY, DAY_RULE)
  from?: string;

  @ApiPropertyOptional({ example: '2026-11-30', description: 'The last day, in UTC' })
  @IsOptional()
  @IsISO8601({ strict: true }, DAY_RULE)
  @Matches(DAY, DAY_RULE)
  to?: string;
}

export class SalesRow {
  @ApiPropertyOptional({ example: 'SKU-CUP' })
  sku?: string;

  @ApiPropertyOptional({ example: '2026-11-21' })
  day?: string;

  @ApiProperty({ example: 'EUR' })
  currency!: string;

  @ApiProperty({ example: 3 })
  orders!: number;

  @ApiProperty({ example: 7 })
  quantity!: number;

  @ApiProperty({ example: 8_750 })
  amountCents!: number;
}

export class SalesReport {
  @ApiProperty({ enum: ['sku', 'day'] })
  by!: string;

  @ApiProperty({ type: [SalesRow] })
  items!: SalesRow[];

  @ApiProperty({ description: 'Orders of these days that were rejected', example: 1 })
  rejected!: number;

  @ApiProperty({ description: 'Sold orders that were cancelled on these days', example: 0 })
  cancelled!: number;
}
