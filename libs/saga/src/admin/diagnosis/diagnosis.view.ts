import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DIAGNOSIS_CODES, type DiagnosisCode } from '../../diagnosis';
import { ACTIONS, type Action } from '../available-actions';
import { STATUSES } from '../saga-list.query';

class ExpectedView {
  @ApiProperty({ example: 'sends payment.capture again' }) what!: string;
  @ApiProperty({ format: 'date-time' }) at!: string;
}

class StepEffectView {
  @ApiProperty() step!: string;
  @ApiProperty() command!: string;
  @ApiProperty({
    enum: ['done', 'compensated', 'none', 'unknown', 'under-way', 'kept'],
    description: '`unknown`: it may have taken effect; `kept`: an operator skipped its compensation',
  })
  effect!: string;
}

class AlikeView {
  @ApiProperty({ format: 'uuid', description: 'The incident that the saga is in' }) incident!: string;
  @ApiProperty({ description: 'How many sagas it has, this one included' }) count!: number;
}

/** A request that would take effect now. Add the reason, and what else `body` lacks. */
export class ReadyActionView {
  @ApiProperty({ enum: ACTIONS }) action!: Action;
  @ApiPropertyOptional({ type: String }) step?: string | undefined;
  @ApiProperty({ enum: ['POST'] }) method!: 'POST';
  @ApiProperty({ example: '/v1/sagas/01a22c3a-ee79-7480-8b89-78641d977ee6/resume' }) path!: string;
  @ApiProperty({ example: '"3"', description: 'For the header If-Match: the saga as this diagnosis shows it' })
  ifMatch!: string;
  @ApiProperty({ type: Object }) body!: object;
}

/** Why a saga stands where it stands, in short. */
export class DiagnosisSummaryView {
  @ApiProperty({ enum: DIAGNOSIS_CODES, description: 'For programs' }) code!: DiagnosisCode;
  @ApiProperty({ example: 'It waits for the reply of payment to payment.capture' }) summary!: string;
  @ApiPropertyOptional({ type: String, description: 'The step that it is about' }) step?: string | undefined;
}

/** Why a saga stands where it stands, and what happens next. */
export class DiagnosisView {
  @ApiProperty({ format: 'uuid' }) sagaId!: string;
  @ApiProperty({ enum: STATUSES }) status!: string;
  @ApiProperty({ enum: [...DIAGNOSIS_CODES, 'ended'], description: 'For programs; `ended` when nothing is left to do' })
  code!: string;
  @ApiProperty({ example: 'It waits for the reply of payment to payment.capture' }) summary!: string;
  @ApiPropertyOptional({ type: String, description: 'The step that it is about' }) step?: string | undefined;
  @ApiProperty({ format: 'date-time', description: 'Since when it stands like this' }) since!: string;
  @ApiProperty({ type: [String], description: 'The facts behind the summary, the most important first' })
  because!: readonly string[];
  @ApiPropertyOptional({
    type: ExpectedView,
    description: 'What the orchestrator does next if nothing arrives meanwhile',
  })
  next?: ExpectedView | undefined;
  @ApiPropertyOptional({ type: ExpectedView, description: 'What it does after that' })
  afterwards?: ExpectedView | undefined;
  @ApiProperty({ type: [StepEffectView], description: 'What its steps have done to the world' })
  effects!: readonly StepEffectView[];
  @ApiPropertyOptional({ type: AlikeView, description: 'Sagas that stand for the same reason' })
  alike?: AlikeView | undefined;
  @ApiProperty({ type: [ReadyActionView], description: 'What an operator can do now, ready to be sent' })
  actions!: readonly ReadyActionView[];
}
