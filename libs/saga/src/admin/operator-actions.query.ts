import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { ACTIONS, type Action } from './available-actions';
import { PageQuery } from './page';
import { noControlCharacters } from './valid-request';
import { IsId } from '../contract';

/** Which operator actions to list. */
export class OperatorActionsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Who acted', example: 'ada' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  @Matches(...noControlCharacters)
  operator?: string;

  @ApiPropertyOptional({ enum: ACTIONS })
  @IsOptional()
  @IsIn(ACTIONS)
  action?: Action;

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of the saga' })
  @IsOptional()
  @IsId()
  saga?: string;
}
