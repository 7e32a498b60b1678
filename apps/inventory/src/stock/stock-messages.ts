import { ApiProperty } from '@nestjs/swagger';
import { SKU } from '@palinode/contracts';
import { IsInt, Matches, Max, Min } from 'class-validator';

export class StockItem {
  @ApiProperty({ example: 'SKU-CUP' })
  sku!: string;

  @ApiProperty({ description: 'Units that can be sold', example: 1_000_000 })
  available!: number;

  @ApiProperty({ description: 'Units reserved for orders', example: 0 })
  reserved!: number;
}

export class StockList {
  @ApiProperty({ type: [StockItem] })
  items!: StockItem[];
}

export class StockParams {
  @ApiProperty({ example: 'SKU-CUP' })
  @Matches(SKU, { message: 'must be a SKU: capital letters, digits and dashes' })
  sku!: string;
}

export class Restock {
  @ApiProperty({ minimum: 1, maximum: 1_000_000, example: 100 })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  quantity!: number;
}
