import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { INCIDENT_STATUSES } from '../../incidents';
import { ACTIONS, type Action } from '../available-actions';

export class IncidentSampleView {
  @ApiProperty({ format: 'uuid' }) saga!: string;
  @ApiPropertyOptional({ description: 'Its business key' }) subject?: string;
  @ApiPropertyOptional({ description: 'Its own error, with ids and numbers' }) error?: string;
}

export class RemedyView {
  @ApiProperty({ example: 'Repair the participant, then resume: that attempts the step again.' }) text!: string;
  @ApiPropertyOptional({ enum: ACTIONS, description: 'The bulk action that usually helps; absent when none does' })
  action?: Action;
}

/** Sagas that stand for the same reason. */
export class IncidentView {
  @ApiProperty({ format: 'uuid', description: 'Stable: the same reason has the same id again' }) id!: string;
  @ApiProperty({ enum: INCIDENT_STATUSES }) status!: string;
  @ApiProperty({
    example: 'needs-attention',
    description: 'The reason of the pause; for COMPENSATED the kind of the cause; for HELD held',
  })
  reason!: string;
  @ApiProperty({ example: 'place-order' }) definition!: string;
  @ApiPropertyOptional({ example: 'confirm', description: 'Without the index of a branch' }) step?: string;
  @ApiPropertyOptional({ example: 'order.confirm' }) command?: string;
  @ApiPropertyOptional({ example: 'Error: no order …', description: 'With ids and numbers masked' }) error?: string;
  @ApiProperty({ description: 'How many sagas stand' }) count!: number;
  @ApiProperty({ format: 'date-time', description: 'When the first of them came to this status' }) first!: string;
  @ApiProperty({ format: 'date-time', description: 'When the last of them did' }) last!: string;
  @ApiProperty({ description: 'How many of them are past their pivot: they can only go forward' }) pastPivot!: number;
  @ApiProperty({ description: 'How many open dead letters their messages left' }) deadLetters!: number;
  @ApiProperty({ type: IncidentSampleView, description: 'The newest of them' }) sample!: IncidentSampleView;
  @ApiProperty({ type: RemedyView }) remedy!: RemedyView;
}

export class IncidentList {
  @ApiProperty({ type: [IncidentView], description: 'Those of the most sagas first' }) items!: IncidentView[];
  @ApiProperty({ description: 'How many incidents there are; more than `items` when `limit` cuts them' })
  incidents!: number;
  @ApiProperty({ description: 'How many sagas stand in all incidents together' }) sagas!: number;
}
