import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ACTIONS, type Action } from './available-actions';
import { DeadLetterSummary } from './dead-letters/dead-letter.view';
import { STATUSES } from './saga-list.query';

export class CauseView {
  @ApiProperty({ enum: ['refusal', 'failure', 'no-answer', 'deadline', 'cancelled'] }) kind!: string;
  @ApiPropertyOptional() step?: string | undefined;
  @ApiProperty() reason!: string;
  @ApiPropertyOptional() detail?: string | undefined;
}

export class PauseView {
  @ApiProperty() reason!: string;
  @ApiProperty() detail!: string;
  @ApiPropertyOptional() step?: string | undefined;
  @ApiProperty({ format: 'date-time' }) since!: string;
}

/** A saga as a list shows it. */
export class SagaSummary {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'place-order' }) definition!: string;
  @ApiProperty() version!: number;
  @ApiProperty({ enum: STATUSES }) status!: string;
  @ApiPropertyOptional({ description: 'Business key' }) subject?: string | undefined;
  @ApiProperty({ description: 'Counts every entry of its history' }) revision!: number;
  @ApiProperty({ format: 'date-time' }) startedAt!: string;
  @ApiPropertyOptional({ format: 'date-time' }) endedAt?: string | undefined;
  @ApiPropertyOptional({ format: 'date-time', description: 'When something is due although no message comes' })
  wakeAt?: string | undefined;
  @ApiPropertyOptional({ type: CauseView, description: 'Why it is taken back' }) cause?: CauseView | undefined;
  @ApiPropertyOptional({ type: PauseView, description: 'Why it stands still' }) pause?: PauseView | undefined;
}

export class SagaPage {
  @ApiProperty({ type: [SagaSummary] }) items!: SagaSummary[];
  @ApiPropertyOptional({ description: 'Ask for the next page with it; absent on the last' }) nextCursor?:
    string | undefined;
}

export class StepView {
  @ApiProperty() name!: string;
  @ApiProperty({ enum: ['compensation', 'compensatable', 'pivot', 'retriable'] }) kind!: string;
  @ApiProperty({ description: 'Steps of one stage run together' }) stage!: number;
  @ApiProperty() status!: string;
  @ApiPropertyOptional() command?: string | undefined;
  @ApiPropertyOptional() compensation?: string | undefined;
  @ApiPropertyOptional({ enum: ['reply', 'next-attempt'] }) waitsFor?: string | undefined;
  @ApiPropertyOptional() attempt?: number | undefined;
  @ApiPropertyOptional({ description: 'How often the command was sent' }) sends?: number | undefined;
  @ApiPropertyOptional({ format: 'uuid' }) commandId?: string | undefined;
  @ApiPropertyOptional({ format: 'date-time' }) wakeAt?: string | undefined;
  @ApiPropertyOptional() reply?: unknown;
  @ApiPropertyOptional() objection?: unknown;
}

export class SentView {
  @ApiProperty({ format: 'uuid' }) commandId!: string;
  @ApiProperty() command!: string;
  @ApiProperty() step!: string;
  @ApiProperty({ enum: ['action', 'compensation'] }) direction!: string;
  @ApiProperty() attempt!: number;
  @ApiProperty({ description: 'Whether this id was sent before' }) again!: boolean;
}

export class HistoryView {
  @ApiProperty() seq!: number;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ type: Object, description: 'What happened; `kind` tells which fields there are' }) event!: object;
  @ApiProperty({ type: [SentView] }) sent!: readonly SentView[];
  @ApiPropertyOptional({ description: 'Why it changed nothing' }) ignored?: string | undefined;
}

/** A saga with its steps and its whole history. */
export class SagaDetail extends SagaSummary {
  @ApiProperty({ type: Object }) input!: unknown;
  @ApiProperty({ enum: ACTIONS, isArray: true, description: 'What an operator can do to it now' })
  availableActions!: Action[];
  @ApiProperty({ type: [StepView] }) steps!: StepView[];
  @ApiProperty({ type: [HistoryView] }) history!: HistoryView[];
  @ApiProperty({ type: [DeadLetterSummary], description: 'Its messages that nobody could take, the newest 20' })
  deadLetters!: DeadLetterSummary[];
}

export class StepDefinitionView {
  @ApiProperty() name!: string;
  @ApiProperty() kind!: string;
  @ApiPropertyOptional() command?: string | undefined;
  @ApiPropertyOptional() compensation?: string | undefined;
  @ApiPropertyOptional() timeoutMs?: number | undefined;
  @ApiPropertyOptional() attempts?: number | undefined;
}

/** Steps that run together. */
export class StageView {
  @ApiProperty({ type: [StepDefinitionView] }) steps!: StepDefinitionView[];
}

export class DefinitionView {
  @ApiProperty() name!: string;
  @ApiProperty() version!: number;
  @ApiPropertyOptional() deadlineMs?: number | undefined;
  @ApiProperty({ type: [StageView], description: 'In order' }) stages!: StageView[];
}

export class DefinitionList {
  @ApiProperty({ type: [DefinitionView] }) items!: DefinitionView[];
}
