import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { HoldWhereView } from './holds/hold.view';
import { RECORDED_ACTIONS } from './operator-actions.query';

/** An operator action on a saga or a hold. */
export class OperatorActionView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ description: 'From X-Operator; not authenticated', example: 'ada' }) operator!: string;
  @ApiProperty({ enum: RECORDED_ACTIONS }) action!: string;
  @ApiProperty() reason!: string;
  @ApiPropertyOptional({ description: 'For resolve and skip: the step' }) step?: string;
  @ApiPropertyOptional({ enum: ['success', 'failure'], description: 'For resolve: the outcome' })
  outcome?: string;
  @ApiPropertyOptional({ type: Object, description: 'For resolve: the reply' }) reply?: unknown;
  @ApiPropertyOptional({ format: 'uuid' }) saga?: string;
  @ApiPropertyOptional({ description: "The revision of the saga that it made: `seq` in the saga's history" })
  revision?: number;
  @ApiPropertyOptional({ format: 'uuid', description: 'For hold and release: the hold' }) hold?: string;
  @ApiPropertyOptional({ type: HoldWhereView, description: 'For hold: the held commands' }) where?: HoldWhereView;
  @ApiPropertyOptional({ description: 'For hold: when it ends automatically', example: '15m' }) ttl?: string;
  @ApiPropertyOptional({ description: 'For release: sagas per second of each instance' }) rate?: number;
}

export class OperatorActionPage {
  @ApiProperty({ type: [OperatorActionView] }) items!: OperatorActionView[];
  @ApiPropertyOptional({ description: 'The cursor of the next page; absent on the last' }) nextCursor?: string;
}
