import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { milliseconds, type Duration } from '../../definition';
import { DEAD_LETTER_STATUSES, type DeadLetterFilter, type DeadLetterStatus } from '../../dead-letters';
import { IsDuration } from '../duration-text';
import { OperatorRequest } from '../operator';
import { PageQuery } from '../page';
import { noControlCharacters } from '../no-control-characters';
import { IsId } from '../../contract';

/** Filters of dead letters. */
export class DeadLetterCriteria {
  @ApiPropertyOptional({ description: 'The topic on which it arrived', example: 'inventory.commands' })
  @IsOptional()
  @IsString()
  @Length(1, 249)
  @Matches(...noControlCharacters)
  topic?: string;

  @ApiPropertyOptional({ description: 'Why it could not be processed', example: 'unknown-type' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  @Matches(...noControlCharacters)
  reason?: string;

  @ApiPropertyOptional({ description: 'The receiver that could not process it', example: 'inventory' })
  @IsOptional()
  @IsString()
  @Length(1, 249)
  @Matches(...noControlCharacters)
  service?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of the saga' })
  @IsOptional()
  @IsId()
  saga?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of the group' })
  @IsOptional()
  @IsId()
  group?: string;

  @ApiPropertyOptional({ description: 'Stored longer ago than this', type: String, example: '1h' })
  @IsOptional()
  @IsDuration()
  olderThan?: Duration;

  @ApiPropertyOptional({ description: 'Stored more recently than this', type: String, example: '1d' })
  @IsOptional()
  @IsDuration()
  youngerThan?: Duration;
}

export class DeadLettersQuery extends IntersectionType(PageQuery, DeadLetterCriteria) {
  @ApiPropertyOptional({ enum: DEAD_LETTER_STATUSES })
  @IsOptional()
  @IsIn(DEAD_LETTER_STATUSES)
  status?: DeadLetterStatus;
}

/** Filters of groups of dead letters. */
export class DeadLetterGroupsQuery {
  @ApiPropertyOptional({ enum: DEAD_LETTER_STATUSES, default: 'open' })
  @IsOptional()
  @IsIn(DEAD_LETTER_STATUSES)
  status: DeadLetterStatus = 'open';

  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: 50 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;
}

export class RedriveRequest extends OperatorRequest {
  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 500,
    example: 'The log of payment shows this very command; INC-7',
    description: 'How you know that the message came from its topic; required when that cannot be verified, and stored',
  })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  @Matches(/\S/, { message: '$property must hold a visible character' })
  @Matches(...noControlCharacters)
  override?: string;
}

export function filterOf(criteria: DeadLetterCriteria & { status?: DeadLetterStatus }, now: number): DeadLetterFilter {
  const { saga, group, olderThan, youngerThan, topic, reason, service, status } = criteria;
  return {
    topic,
    reason,
    service,
    status,
    sagaId: saga,
    groupId: group,
    keptBefore: olderThan && now - milliseconds(olderThan),
    keptAfter: youngerThan && now - milliseconds(youngerThan),
  };
}
