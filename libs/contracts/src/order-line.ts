import { IsInt, Matches, Max, Min } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { SKU } from './identifiers';

/** A quantity of one article. */
export class OrderLine {
  @Matches(SKU, { message: 'must be a SKU: capital letters, digits and dashes' })
  @JSONSchema({ examples: ['SKU-CUP'] })
  sku!: string;

  @IsInt()
  @Min(1)
  @Max(100)
  quantity!: number;
}
