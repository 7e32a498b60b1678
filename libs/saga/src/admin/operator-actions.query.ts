import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Min, ValidateIf } from 'class-validator';
import {
  ACTIONS,
  BULK_ACTION_ACTIONS,
  HOLD_ACTIONS,
  HOOK_ACTIONS,
  LETTER_ACTIONS,
  SIGNAL_ACTIONS,
} from './available-actions';
import { BULK_LETTER_ACTIONS } from '../bulk-actions';
import { TARGETS, type Target } from '../operator-log';
import { PageQuery } from './page';
import { noControlCharacters } from './no-control-characters';
import { IsId } from '../contract';

export const RECORDED_ACTIONS = [
  ...new Set([
    ...ACTIONS,
    ...SIGNAL_ACTIONS,
    ...HOLD_ACTIONS,
    ...BULK_LETTER_ACTIONS,
    ...LETTER_ACTIONS,
    ...BULK_ACTION_ACTIONS,
    ...HOOK_ACTIONS,
  ]),
] as const;

/** Filters of operator actions. */
export class OperatorActionsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'The operator', example: 'ada' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  @Matches(...noControlCharacters)
  operator?: string;

  @ApiPropertyOptional({ enum: RECORDED_ACTIONS })
  @IsOptional()
  @IsIn(RECORDED_ACTIONS)
  action?: (typeof RECORDED_ACTIONS)[number];

  @ApiPropertyOptional({ enum: TARGETS, description: 'What was acted on' })
  @IsOptional()
  @IsIn(TARGETS)
  target?: Target;

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of the saga' })
  @IsOptional()
  @IsId()
  saga?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of the hold' })
  @IsOptional()
  @IsId()
  hold?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of the dead letter' })
  @IsOptional()
  @IsId()
  deadLetter?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of the fault' })
  @IsOptional()
  @IsId()
  fault?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of the bulk action: what was done to it, and as part of it' })
  @IsOptional()
  @IsId()
  bulkAction?: string;
}

export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;

export class ExportQuery {
  @ApiPropertyOptional({ enum: EXPORT_FORMATS, default: 'ndjson' })
  @IsOptional()
  @IsIn(EXPORT_FORMATS)
  format: (typeof EXPORT_FORMATS)[number] = 'ndjson';

  @ApiPropertyOptional({ minimum: 0, default: 0, description: 'Only entries after this position' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  after: number = 0;
}

/** An entry that was noted before, to see that it is still the same. */
export class VerificationQuery {
  @ApiPropertyOptional({ minimum: 1, description: 'With hash: an entry that must still be the same' })
  @ValidateIf(({ position, hash }: VerificationQuery) => position !== undefined || hash !== undefined)
  @Type(() => Number)
  @IsInt()
  @Min(1)
  position?: number;

  @ApiPropertyOptional({ pattern: '^[0-9a-f]{64}$' })
  @ValidateIf(({ position, hash }: VerificationQuery) => position !== undefined || hash !== undefined)
  @IsString()
  @Matches(/^[0-9a-f]{64}$/)
  hash?: string;
}
