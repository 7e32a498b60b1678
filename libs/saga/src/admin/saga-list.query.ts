import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { IsId, MayBeId } from '../contract';
import { PageQuery } from './page';
import { noControlCharacters } from './no-control-characters';

export const STATUSES = ['RUNNING', 'COMPENSATING', 'PAUSED', 'COMPLETED', 'COMPENSATED'] as const;

/** Which sagas are meant. */
export class SagaCriteria {
  @ApiPropertyOptional({ enum: STATUSES })
  @IsOptional()
  @IsIn(STATUSES)
  status?: (typeof STATUSES)[number];

  @ApiPropertyOptional({ description: 'Name of the definition', example: 'place-order' })
  @IsOptional()
  @IsString()
  @Length(1, 512)
  @Matches(...noControlCharacters)
  definition?: string;

  @ApiPropertyOptional({ description: 'Business key, such as an order id' })
  @MayBeId()
  @IsOptional()
  @IsString()
  @Length(1, 512)
  @Matches(...noControlCharacters)
  subject?: string;

  @ApiPropertyOptional({
    description: 'The beginning of the id or of the business key, four characters or more',
    example: '01a22c3a',
  })
  @IsOptional()
  @IsString()
  @Length(4, 512)
  @Matches(...noControlCharacters)
  q?: string;

  @ApiPropertyOptional({ type: Boolean, description: 'Whether one of its steps waits for a hold to end' })
  @IsOptional()
  @IsIn(['true', 'false'])
  held?: 'true' | 'false';

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of an incident' })
  @IsOptional()
  @IsId()
  incident?: string;
}

/** Filters of sagas. */
export class SagaListQuery extends IntersectionType(PageQuery, SagaCriteria) {}
