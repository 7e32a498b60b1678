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
import { IsDuration } from '../duration-text';
import { OperatorRequest } from '../operator';
import { PageQuery } from '../page';
import { noControlCharacters } from '../no-control-characters';

/** Participants forget after eight days, unless set otherwise, which commands they have handled. */
const LONGEST_HOLD: Duration = '7d';

/** Filters of holds. */
export class HoldsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: HOLD_STATUSES, default: 'in-force' })
  @IsOptional()
  @IsIn(HOLD_STATUSES)
  status?: (typeof HOLD_STATUSES)[number];
}

/** The held commands: those of a service, one of them, or those of a step in one version of a definition or in all. */
export class HoldWhereRequest {
  @ApiPropertyOptional({ example: 'payment' })
  @IsOptional()
  @IsString()
  @Length(1, 249)
  @Matches(...noControlCharacters)
  service?: string;

  @ApiPropertyOptional({ example: 'payment.capture', description: 'With a service: only this command' })
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

  @ApiPropertyOptional({ minimum: 1, description: 'With a definition: only this version' })
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

  @ApiPropertyOptional({
    type: String,
    example: '15m',
    description: `The hold ends automatically after this time, at most ${LONGEST_HOLD}`,
  })
  @IsOptional()
  @IsDuration({ most: LONGEST_HOLD })
  ttl?: Duration;
}

/** How a hold ends. Sent in the query, because proxies may drop the body of a DELETE. */
export class ReleaseQuery extends OperatorRequest {
  @ApiPropertyOptional({
    minimum: 1,
    maximum: 1_000,
    description:
      'How many sagas per second each instance releases; by default twice as many as are answered, at least 20',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  rate?: number;
}
