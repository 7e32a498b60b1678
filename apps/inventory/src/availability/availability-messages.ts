import { ApiProperty } from '@nestjs/swagger';
import { OrderLine } from '@palinode/contracts';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, ValidateNested } from 'class-validator';

export class WantedLine extends OrderLine {
  @ApiProperty({ example: 'SKU-CUP' })
  declare sku: string;

  @ApiProperty({ minimum: 1, maximum: 100, example: 2 })
  declare quantity: number;
}

/** The same line as query parameters, where numbers arrive as text. */
export class WantedLineQuery extends WantedLine {
  @Type(() => Number)
  declare quantity: number;
}

export class AvailabilityRequest {
  @ApiProperty({ type: [WantedLine], minItems: 1, maxItems: 50 })
  @ValidateNested({ each: true })
  @ArrayUnique((line?: WantedLine) => line?.sku, { message: 'must not name an article twice' })
  @ArrayMaxSize(50)
  @ArrayMinSize(1)
  @IsArray()
  @Type(() => WantedLine)
  lines!: WantedLine[];
}

export class AvailableLine {
  @ApiProperty({ example: 'SKU-CUP' })
  sku!: string;

  @ApiProperty({ description: 'Units that can be sold; 0 for an unknown article', example: 1_000_000 })
  available!: number;

  @ApiProperty()
  enough!: boolean;
}

export class AvailabilityList {
  @ApiProperty({ type: [AvailableLine], description: 'One entry for each line, in their order' })
  lines!: AvailableLine[];
}
