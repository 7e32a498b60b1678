import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { TARGETS } from '../operator-log';
import { ROLES } from './access';
import { BulkActionRequest } from './bulk-actions/bulk-action.request';
import { HoldWhereView } from './holds/hold.view';
import { RECORDED_ACTIONS } from './operator-actions.query';

export class StandingPauseView {
  @ApiProperty({ example: 'needs-attention' }) reason!: string;
  @ApiPropertyOptional() step?: string;
}

/** How a saga, a hold, a dead letter, a bulk action or a fault stood. */
export class StandingView {
  @ApiPropertyOptional({ example: 'PAUSED' }) status?: string;
  @ApiPropertyOptional({ type: StandingPauseView, description: 'Of a saga that was paused' }) pause?: StandingPauseView;
  @ApiPropertyOptional({ type: HoldWhereView, description: 'Of a hold: the held commands' }) where?: HoldWhereView;
  @ApiPropertyOptional({ type: Object, description: 'Of a fault: what it strikes, where and how' }) fault?: object;
  @ApiPropertyOptional({ description: 'Of a bulk action: how many items it has' }) total?: number;
  @ApiPropertyOptional({ description: 'Of a bulk action: why it waited or was paused' }) why?: string;
}

/** What an operator did: an entry of the operator log. */
export class OperatorActionView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ description: 'Its number in the log, without gaps' }) position!: number;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ description: 'The name of the key, or where access is open what X-Operator said', example: 'ada' })
  operator!: string;
  @ApiPropertyOptional({ enum: [...ROLES], description: 'The role of who acted; absent where access is open' })
  role?: string;
  @ApiPropertyOptional({ description: 'The id of the key that was shown' }) key?: string;
  @ApiProperty({ enum: RECORDED_ACTIONS }) action!: string;
  @ApiProperty({ enum: TARGETS, description: 'What was acted on' }) target!: string;
  @ApiPropertyOptional() reason?: string;
  @ApiPropertyOptional({ description: 'From X-Request-Id, or as the log of the service names the request' })
  requestId?: string;
  @ApiPropertyOptional({ type: StandingView, description: 'How it stood before' }) before?: StandingView;
  @ApiPropertyOptional({ type: StandingView, description: 'How it stood after the action' }) after?: StandingView;
  @ApiPropertyOptional({ description: 'For resolve and skip: the step' }) step?: string;
  @ApiPropertyOptional({ enum: ['success', 'failure'], description: 'For resolve: the outcome' })
  outcome?: string;
  @ApiPropertyOptional({ type: Object, description: 'For resolve: the reply' }) reply?: unknown;
  @ApiPropertyOptional({ description: 'For signal: its name', example: 'customer-consent' }) signal?: string;
  @ApiPropertyOptional({ type: Object, description: 'For signal: its data' }) payload?: unknown;
  @ApiPropertyOptional({ format: 'uuid', description: 'The saga that it concerns' }) saga?: string;
  @ApiPropertyOptional({ description: "The revision of the saga that it made: `seq` in the saga's history" })
  revision?: number;
  @ApiPropertyOptional({ format: 'uuid', description: 'For hold and release: the hold' }) hold?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'For redrive, discard and reveal: the dead letter' })
  deadLetter?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'For arm, change and disarm: the fault' }) fault?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The bulk action that was acted on, or of which it is part' })
  bulkAction?: string;
  @ApiPropertyOptional({ type: HoldWhereView, description: 'For hold: the held commands' }) where?: HoldWhereView;
  @ApiPropertyOptional({ description: 'For hold: when it ends automatically', example: '15m' }) ttl?: string;
  @ApiPropertyOptional({ description: 'For release: sagas per second of each instance' }) rate?: number;
  @ApiPropertyOptional({ description: 'For redrive: why the message was trusted' }) override?: string;
  @ApiPropertyOptional({
    type: BulkActionRequest,
    description: 'For begin: the bulk action as it was requested, without ids',
  })
  request?: BulkActionRequest;
}

export class OperatorActionPage {
  @ApiProperty({ type: [OperatorActionView] }) items!: OperatorActionView[];
  @ApiPropertyOptional({ description: 'The cursor of the next page; absent on the last' }) nextCursor?: string;
}

export class ChainLinkView {
  @ApiProperty({ description: 'The number of the last entry' }) position!: number;
  @ApiProperty({ example: '9f86d081…', description: 'Its hash, in hexadecimal digits' }) hash!: string;
}

export class BrokenLinkView {
  @ApiProperty({ description: 'The first entry that is not what it was' }) position!: number;
  @ApiProperty({ example: 'Its content was changed.' }) problem!: string;
}

/** Whether the operator log is as it was written. */
export class VerificationView {
  @ApiProperty({ enum: ['intact', 'broken'] }) status!: 'intact' | 'broken';
  @ApiPropertyOptional({
    type: ChainLinkView,
    description: 'Note it elsewhere: later it proves that nothing was cut off',
  })
  last?: ChainLinkView;
  @ApiPropertyOptional({ type: BrokenLinkView }) broken?: BrokenLinkView;
}
