import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DEAD_LETTER_STATUSES } from '../../dead-letters';

/** Why somebody trusted a message, and what spoke against it. */
export class OverrideView {
  @ApiProperty() reason!: string;
  @ApiProperty({ example: 'not-there: There is no message in payment.commands/0 at offset 7 …' }) doubt!: string;
}

export class DecisionView {
  @ApiProperty({ description: 'As X-Operator said; nothing proves it yet', example: 'ada' }) operator!: string;
  @ApiProperty() reason!: string;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiPropertyOptional({ type: OverrideView, description: 'Redriven although it was doubted' })
  override?: OverrideView;
}

/** A dead letter as a list shows it. */
export class DeadLetterSummary {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'date-time', description: 'When the orchestrator kept it' }) keptAt!: string;
  @ApiProperty({ enum: DEAD_LETTER_STATUSES }) status!: string;
  @ApiProperty({ example: 'unknown-type' }) reason!: string;
  @ApiProperty({ example: 'inventory handles no inventory.count-stock.v1.' }) detail!: string;
  @ApiProperty({ description: 'Who could not take it', example: 'inventory' }) service!: string;
  @ApiProperty({ example: 'inventory.commands' }) topic!: string;
  @ApiProperty() partition!: number;
  @ApiProperty({ example: '42' }) offset!: string;
  @ApiProperty({ description: 'How long its value was' }) bytes!: number;
  @ApiProperty({ description: 'It was too large to be kept whole' }) cut!: boolean;
  @ApiPropertyOptional({ format: 'uuid', description: 'Its id, where it could be read' }) messageId?: string;
  @ApiPropertyOptional({ description: 'Its CloudEvents type, where it could be read' }) type?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The saga it says it is of' }) saga?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The same message was redriven before, as this dead letter' })
  redriveOf?: string;
  @ApiPropertyOptional({ type: DecisionView, description: 'Who redrove or discarded it' }) decision?: DecisionView;
  @ApiPropertyOptional({ format: 'date-time', description: 'When the broker had its redrive' }) sentAt?: string;
}

export class DeadLetterPage {
  @ApiProperty({ type: [DeadLetterSummary] }) items!: DeadLetterSummary[];
  @ApiPropertyOptional({ description: 'Ask for the next page with it; absent on the last' }) nextCursor?: string;
}

/** Bytes: as text when they are text, else in base64. */
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

/** A dead letter with the whole message. */
export class DeadLetterDetail extends DeadLetterSummary {
  @ApiPropertyOptional({ type: ContentView, description: 'Absent when it has none' }) key?: ContentView;
  @ApiPropertyOptional({ type: ContentView, description: 'Absent when it has none' }) value?: ContentView;
  @ApiProperty({ type: [MessageHeaderView] }) headers!: MessageHeaderView[];
  @ApiPropertyOptional({ type: ObstacleView, description: 'Why sending it again cannot help; absent when it may' })
  notRedrivable?: ObstacleView;
  @ApiPropertyOptional({ description: 'What helps, where a redrive alone does not' }) advice?: string;
}

/** A dead letter on which a bulk decision had no effect. */
export class PassedOverView extends ObstacleView {
  @ApiProperty({ format: 'uuid' }) id!: string;
}

export class BulkOutcome {
  @ApiProperty({ type: [String], description: 'Ids of those that were decided on' }) decided!: string[];
  @ApiProperty({ type: [PassedOverView] }) passedOver!: PassedOverView[];
  @ApiPropertyOptional({ description: 'There are more: send the request again, with this cursor' }) nextCursor?: string;
}
