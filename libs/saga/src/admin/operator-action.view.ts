import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ACTIONS } from './available-actions';

/** What a person did to a saga. */
export class OperatorActionView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ description: 'As X-Operator said; nothing proves it yet', example: 'ada' }) operator!: string;
  @ApiProperty({ enum: ACTIONS }) action!: string;
  @ApiProperty() reason!: string;
  @ApiPropertyOptional({ description: 'Of resolve and skip: which step' }) step?: string;
  @ApiPropertyOptional({ enum: ['success', 'failure'], description: 'Of resolve: what was found out' })
  outcome?: string;
  @ApiPropertyOptional({ type: Object, description: 'Of resolve: the reply that was found out' }) reply?: unknown;
  @ApiProperty({ format: 'uuid' }) saga!: string;
  @ApiProperty({ description: "The revision of the saga that it made: `seq` in the saga's history" }) revision!: number;
}

export class OperatorActionPage {
  @ApiProperty({ type: [OperatorActionView] }) items!: OperatorActionView[];
  @ApiPropertyOptional({ description: 'Ask for the next page with it; absent on the last' }) nextCursor?: string;
}
