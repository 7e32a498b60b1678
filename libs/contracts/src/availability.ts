import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsInt, Matches, Min, ValidateNested } from 'class-validator';
import { join } from 'node:path';
import { SKU } from './identifiers';
import { OrderLine } from './order-line';

/** The query: the lines of an order that may be placed. */
export class AvailabilityQuery {
  @ValidateNested({ each: true })
  @ArrayMaxSize(50)
  @ArrayMinSize(1)
  @IsArray()
  @Type(() => OrderLine)
  lines!: OrderLine[];
}

export class LineAvailability {
  @Matches(SKU)
  sku!: string;

  /** Units that can be sold. */
  @IsInt()
  @Min(0)
  available!: number;

  @IsBoolean()
  enough!: boolean;
}

/** One entry for each line of the query, in its order. */
export class AvailabilityAnswer {
  @ValidateNested({ each: true })
  @IsArray()
  @Type(() => LineAvailability)
  lines!: LineAvailability[];
}

/** The options of Nest's gRPC transport for the service that answers it. */
export const availabilityGrpc = {
  package: 'palinode.inventory.v1',
  protoPath: join(__dirname, 'availability.proto'),
  loader: { longs: Number, defaults: true, arrays: true },
};
