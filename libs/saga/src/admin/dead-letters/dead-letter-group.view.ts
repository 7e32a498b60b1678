import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DEAD_LETTER_STATUSES } from '../../dead-letters';
import { DeadLetterSummary } from './dead-letter.view';

/** Dead letters with the same reason, service, topic, type and detail, ids and numbers aside. */
export class DeadLetterGroupView {
  @ApiProperty({ format: 'uuid', description: 'Stable: the same reason has the same id again' }) id!: string;
  @ApiProperty({ enum: DEAD_LETTER_STATUSES }) status!: string;
  @ApiProperty({ example: 'unknown-type' }) reason!: string;
  @ApiProperty({ example: 'inventory' }) service!: string;
  @ApiProperty({ example: 'inventory.commands' }) topic!: string;
  @ApiPropertyOptional({ example: 'inventory.reserve-stock.v1' }) type?: string;
  @ApiProperty() count!: number;
  @ApiProperty({ description: 'How many sagas their messages name' }) sagas!: number;
  @ApiProperty({ format: 'date-time' }) first!: string;
  @ApiProperty({ format: 'date-time' }) last!: string;
  @ApiProperty({ type: DeadLetterSummary, description: 'The newest of them' }) sample!: DeadLetterSummary;
}

export class DeadLetterGroups {
  @ApiProperty({ type: [DeadLetterGroupView], description: 'Those of the most dead letters first' })
  items!: DeadLetterGroupView[];
  @ApiProperty({ description: 'How many groups there are; more than `items` when `limit` cuts them' })
  groups!: number;
}
