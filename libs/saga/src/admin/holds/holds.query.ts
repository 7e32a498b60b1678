import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { Duration } from '../../definition';
import { HOLD_STATUSES } from '../../holds';
import { durationText } from '../duration-text';
import { OperatorRequest } from '../operator';
import { PageQuery } from '../page';
import { noControlCharacters } from '../no-control-characters';

/** Which holds to list. */
export class HoldsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: HOLD_STATUSES, default: 'in-force' })
  @IsOptional()
  @IsIn(HOLD_STATUSES)
  status?: (typeof HOLD_STATUSES)[number];
}

/** A service, or one command of it; or a step of a definition, of one version or of all. */
export class HoldWhereRequest {
  @ApiPropertyOptional({ example: 'payment' })
  @IsOptional()
  @IsString()
  @Length(1, 249)
  @Matches(...noControlCharacters)
  service?: string;

  @ApiPropertyOptional({ example: 'payment.capture', description: 'With a service: this command alone' })
  @IsOptional()
  @IsString()
  @Length(1, 249)
  @Matches(...noControlCharacters)
  command?: string;

  @ApiPropertyOptional({ example: 'place-order', description: 'Instead of a service, with a step' })
  @IsOptional()
  @IsString()
  @Length(1, 512)
  @Matches(...noControlCharacters)
  definition?: string;

  @ApiPropertyOptional({ minimum: 1, description: 'With a definition: this version alone' })
  @IsOptional()
  @IsInt()
  @Min(1)
  version?: number;

  @ApiPropertyOptional({ example: 'capture', description: 'With a definition: its action and its compensation' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(...noControlCharacters)
  step?: string;
}

export class HoldRequest extends OperatorRequest {
  @ApiProperty({ type: HoldWhereRequest })
  @IsObject()
  @ValidateNested()
  @Type(() => HoldWhereRequest)
  where!: HoldWhereRequest;

  @ApiPropertyOptional({ type: String, example: '15m', description: 'The hold ends by itself after so long' })
  @IsOptional()
  @Matches(...durationText)
  ttl?: Duration;
}

/** How a hold ends. In the query, since the body of a DELETE may be dropped on its way. */
export class ReleaseQuery extends OperatorRequest {
  @ApiPropertyOptional({
    minimum: 1,
    maximum: 1_000,
    description:
      'So many sagas a second each instance lets go on; without it, twice as many as are answered, 20 at least',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  rate?: number;
}
