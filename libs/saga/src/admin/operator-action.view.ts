import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { HoldWhereView } from './holds/hold.view';
import { RECORDED_ACTIONS } from './operator-actions.query';

/** What a person did to a saga, or a hold. */
export class OperatorActionView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ description: 'As X-Operator said; nothing proves it yet', example: 'ada' }) operator!: string;
  @ApiProperty({ enum: RECORDED_ACTIONS }) action!: string;
  @ApiProperty() reason!: string;
  @ApiPropertyOptional({ description: 'Of resolve and skip: which step' }) step?: string;
  @ApiPropertyOptional({ enum: ['success', 'failure'], description: 'Of resolve: what was found out' })
  outcome?: string;
  @ApiPropertyOptional({ type: Object, description: 'Of resolve: the reply that was found out' }) reply?: unknown;
  @ApiPropertyOptional({ format: 'uuid' }) saga?: string;
  @ApiPropertyOptional({ description: "The revision of the saga that it made: `seq` in the saga's history" })
  revision?: number;
  @ApiPropertyOptional({ format: 'uuid', description: 'Of hold and release: which hold' }) hold?: string;
  @ApiPropertyOptional({ type: HoldWhereView, description: 'Of hold: what is kept back' }) where?: HoldWhereView;
  @ApiPropertyOptional({ description: 'Of hold: when it ends by itself', example: '15m' }) ttl?: string;
  @ApiPropertyOptional({ description: 'Of release: sagas a second of each instance' }) rate?: number;
}

export class OperatorActionPage {
  @ApiProperty({ type: [OperatorActionView] }) items!: OperatorActionView[];
  @ApiPropertyOptional({ description: 'Ask for the next page with it; absent on the last' }) nextCursor?: string;
}
