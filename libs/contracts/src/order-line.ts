import { IsInt, Matches, Max, Min } from 'class-validator';
import { SKU } from './identifiers';

/** So many units of one article. */
export class OrderLine {
  @Matches(SKU)
  sku!: string;

  @IsInt()
  @Min(1)
  @Max(100)
  quantity!: number;
}
