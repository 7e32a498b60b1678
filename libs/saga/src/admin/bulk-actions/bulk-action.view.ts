import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { BULK_ACTION_STATUSES, ITEM_STATUSES, OUTCOMES } from '../../bulk-actions';
import { DiagnosisSummaryView } from '../diagnosis/diagnosis.view';
import { DeadLetterCriteria } from '../dead-letters/dead-letters.query';
import { SagaCriteria } from '../saga-list.query';
import { BULK_ACTIONS } from './bulk-action.request';

export class ItemCountsView {
  @ApiProperty({ description: 'Their turn has not come' }) pending!: number;
  @ApiProperty({ description: 'The action took effect' }) done!: number;
  @ApiProperty({ description: 'There was nothing to act on when their turn came' }) skipped!: number;
  @ApiProperty({ description: 'An unexpected error' }) failed!: number;
}

/** What became of those that are done. */
export class OutcomeCountsView {
  @ApiProperty({ description: 'Still under way' }) pending!: number;
  @ApiProperty({ description: 'They ended as the action meant' }) asMeant!: number;
  @ApiProperty({ description: 'They are paused again, came to another end, or failed again' }) otherwise!: number;
}

export class BulkActionView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: BULK_ACTIONS }) action!: string;
  @ApiProperty({ enum: ['sagas', 'dead-letters'] }) on!: string;
  @ApiPropertyOptional({
    oneOf: [{ $ref: getSchemaPath(SagaCriteria) }, { $ref: getSchemaPath(DeadLetterCriteria) }],
    description: 'The filters that selected its items; absent when ids were given',
  })
  where?: object;
  @ApiPropertyOptional({ description: 'For resolve and skip: the step' }) step?: string;
  @ApiProperty({ description: 'From X-Operator; not authenticated', example: 'ada' }) operator!: string;
  @ApiProperty() reason!: string;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiPropertyOptional({ format: 'date-time' }) endedAt?: string;
  @ApiProperty({ enum: BULK_ACTION_STATUSES }) status!: string;
  @ApiPropertyOptional({ description: 'Why it waits, is paused or was stopped' }) why?: string;
  @ApiProperty({ description: 'How many items it has; their ids were fixed when it was created' }) total!: number;
  @ApiPropertyOptional({ description: 'After how many items it waits for what becomes of them' }) canary?: number;
  @ApiProperty({ description: 'Whether its canaries ended as meant, or an operator resumed it all the same' })
  canaryPassed!: boolean;
  @ApiProperty() ratePerSecond!: number;
  @ApiProperty() stopOnFailure!: boolean;
  @ApiProperty({ type: ItemCountsView }) items!: ItemCountsView;
  @ApiProperty({ type: OutcomeCountsView }) outcomes!: OutcomeCountsView;
}

export class BulkActionPage {
  @ApiProperty({ type: [BulkActionView] }) items!: BulkActionView[];
  @ApiPropertyOptional({ description: 'The cursor of the next page; absent on the last' }) nextCursor?: string;
}

export class BulkItemView {
  @ApiProperty({ format: 'uuid', description: 'Of the saga or dead letter' }) id!: string;
  @ApiProperty({ enum: ITEM_STATUSES }) status!: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'When its turn came' }) at?: string;
  @ApiPropertyOptional({ example: 'not-paused', description: 'Why it was skipped or failed' }) reason?: string;
  @ApiPropertyOptional() detail?: string;
  @ApiPropertyOptional({ description: 'The revision of the saga that the action made' }) revision?: number;
  @ApiPropertyOptional({ enum: ['COMPLETED', 'COMPENSATED', 'PAUSED', 'handled', 'discarded'] }) meant?: string;
  @ApiPropertyOptional({ enum: OUTCOMES, description: 'What became of it after the action' }) outcome?: string;
  @ApiPropertyOptional({ example: 'COMPLETED', description: 'Its status now; absent when it no longer exists' })
  now?: string;
  @ApiPropertyOptional({
    type: DiagnosisSummaryView,
    description: 'Why a saga that has not ended stands where it stands',
  })
  diagnosis?: DiagnosisSummaryView;
}

export class BulkItemPage {
  @ApiProperty({ type: [BulkItemView] }) items!: BulkItemView[];
  @ApiPropertyOptional({ description: 'The cursor of the next page; absent on the last' }) nextCursor?: string;
}

/** A command that the engine would send. */
export class PreviewedCommandView {
  @ApiProperty({ example: 'payment.capture' }) command!: string;
  @ApiProperty() step!: string;
  @ApiProperty({ enum: ['action', 'compensation'] }) direction!: string;
  @ApiProperty() attempt!: number;
  @ApiProperty({ description: 'Whether this id was sent before' }) again!: boolean;
}

export class CommandCountView {
  @ApiProperty({ example: 'payment.capture' }) command!: string;
  @ApiProperty({ enum: ['action', 'compensation'] }) direction!: string;
  @ApiProperty() count!: number;
}

export class SkipCountView {
  @ApiProperty({ example: 'not-paused' }) reason!: string;
  @ApiProperty({ description: 'Of one of them' }) detail!: string;
  @ApiProperty() count!: number;
}

export class ItemPreviewView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiPropertyOptional({ example: 'not-paused', description: 'Why it would be skipped' }) skipped?: string;
  @ApiPropertyOptional() detail?: string;
  @ApiProperty({ type: [PreviewedCommandView] }) commands!: PreviewedCommandView[];
}

/** What a bulk action would do now. */
export class DryRunView {
  @ApiProperty({ description: 'How many sagas or dead letters match' }) matched!: number;
  @ApiProperty({ description: 'How many of them were tried, the oldest' }) tried!: number;
  @ApiProperty({ description: 'Of those tried: on how many the action would take effect' }) effective!: number;
  @ApiProperty({ type: [SkipCountView], description: 'Of those tried: which would be skipped, and why' })
  skipped!: SkipCountView[];
  @ApiProperty({ type: [CommandCountView], description: 'What would be sent for those tried' })
  commands!: CommandCountView[];
  @ApiProperty({ type: [ItemPreviewView], description: 'The first of them' }) items!: ItemPreviewView[];
}
