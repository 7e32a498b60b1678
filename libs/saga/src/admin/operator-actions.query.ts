import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { ACTIONS, HOLD_ACTIONS, type Action } from './available-actions';
import { PageQuery } from './page';
import { noControlCharacters } from './no-control-characters';
import { IsId } from '../contract';

export const RECORDED_ACTIONS = [...ACTIONS, ...HOLD_ACTIONS];

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
  action?: Action | (typeof HOLD_ACTIONS)[number];

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of the saga' })
  @IsOptional()
  @IsId()
  saga?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of the hold' })
  @IsOptional()
  @IsId()
  hold?: string;
}
