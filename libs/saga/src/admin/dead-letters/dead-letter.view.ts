import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DEAD_LETTER_STATUSES, REDRIVE_OUTCOMES } from '../../dead-letters';

/** Why an operator trusted a message, and why it was doubted. */
export class OverrideView {
  @ApiProperty() reason!: string;
  @ApiProperty({ example: 'not-there: There is no message in payment.commands/0 at offset 7 …' }) doubt!: string;
}

export class DecisionView {
  @ApiProperty({ description: 'From X-Operator; not authenticated', example: 'ada' }) operator!: string;
  @ApiProperty() reason!: string;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiPropertyOptional({ type: OverrideView, description: 'Redriven in spite of a doubt' })
  override?: OverrideView;
}

/** A dead letter as a list shows it. */
export class DeadLetterSummary {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'date-time', description: 'When the orchestrator stored it' }) keptAt!: string;
  @ApiProperty({ enum: DEAD_LETTER_STATUSES }) status!: string;
  @ApiProperty({ example: 'unknown-type' }) reason!: string;
  @ApiProperty({ example: 'inventory handles no inventory.count-stock.v1.' }) detail!: string;
  @ApiProperty({ description: 'The receiver that could not process it', example: 'inventory' }) service!: string;
  @ApiProperty({ example: 'inventory.commands' }) topic!: string;
  @ApiProperty() partition!: number;
  @ApiProperty({ example: '42' }) offset!: string;
  @ApiProperty({ description: 'The size of its value' }) bytes!: number;
  @ApiProperty({ description: 'It was too large to be stored whole' }) cut!: boolean;
  @ApiPropertyOptional({ format: 'uuid', description: 'Its id, if it could be read' }) messageId?: string;
  @ApiPropertyOptional({ description: 'Its CloudEvents type, if it could be read' }) type?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The saga that the message names' }) saga?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The dead letter as which the same message was redriven before' })
  redriveOf?: string;
  @ApiProperty({ format: 'uuid', description: 'Id of its group: letters for the same reason' }) group!: string;
  @ApiPropertyOptional({
    enum: REDRIVE_OUTCOMES,
    description: 'What became of a redriven message; absent while it is not known, as for events',
  })
  outcome?: string;
  @ApiPropertyOptional({ type: DecisionView, description: 'Who redrove, discarded or closed it' })
  decision?: DecisionView;
  @ApiPropertyOptional({ format: 'date-time', description: 'When the broker acknowledged its redrive' })
  sentAt?: string;
}

export class DeadLetterPage {
  @ApiProperty({ type: [DeadLetterSummary] }) items!: DeadLetterSummary[];
  @ApiPropertyOptional({ description: 'The cursor of the next page; absent on the last' }) nextCursor?: string;
}

/** Bytes as text if they are printable text, else in base64. */
export class ContentView {
  @ApiPropertyOptional() text?: string;
  @ApiPropertyOptional({ format: 'byte' }) base64?: string;
}

export class MessageHeaderView extends ContentView {
  @ApiProperty() name!: string;
}

export class ObstacleView {
  @ApiProperty({ example: 'no-json' }) reason!: string;
  @ApiProperty() detail!: string;
}

/** A dead letter with its message, as far as it may be seen. */
export class DeadLetterDetail extends DeadLetterSummary {
  @ApiPropertyOptional({
    enum: ['fields', 'whole'],
    description:
      '`fields`: sensitive fields of the value are masked; `whole`: key, value and headers are withheld, because no known contract describes them. POST …/reveal shows them',
  })
  masked?: 'fields' | 'whole';
  @ApiPropertyOptional({ type: ContentView, description: 'Absent when it has none' }) key?: ContentView;
  @ApiPropertyOptional({ type: ContentView, description: 'Absent when it has none' }) value?: ContentView;
  @ApiProperty({ type: [MessageHeaderView] }) headers!: MessageHeaderView[];
  @ApiPropertyOptional({ type: ObstacleView, description: 'Why a redrive cannot help; absent when it may' })
  notRedrivable?: ObstacleView;
  @ApiPropertyOptional({ description: 'What helps when a redrive alone does not' }) advice?: string;
}
