import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { SAGA_ACTIONS, STEP_ACTIONS, type SagaAction, type StepAction } from './available-actions';
import { DeadLetterSummary } from './dead-letters/dead-letter.view';
import { DiagnosisSummaryView } from './diagnosis/diagnosis.view';
import { STATUSES } from './saga-list.query';

const CAUSES = ['refusal', 'failure', 'no-answer', 'deadline', 'cancelled', 'parent'];

export class CauseView {
  @ApiProperty({ enum: CAUSES }) kind!: string;
  @ApiPropertyOptional() step?: string;
  @ApiProperty() reason!: string;
  @ApiPropertyOptional() detail?: string;
}

export class PauseView {
  @ApiProperty() reason!: string;
  @ApiProperty() detail!: string;
  @ApiPropertyOptional() step?: string;
  @ApiProperty({ format: 'date-time' }) since!: string;
}

/** The saga and the step that a child replies to. */
export class ParentView {
  @ApiProperty({ format: 'uuid' }) saga!: string;
  @ApiProperty() step!: string;
}

/** Why a step does not send its command: an operator or the orchestrator has placed a hold. */
export class HeldView {
  @ApiProperty({ format: 'date-time' }) since!: string;
  @ApiProperty({ example: 'payment has answered nobody for 25 s' }) why!: string;
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Absent when the hold has ended and the release of this saga is pending',
  })
  hold?: string;
}

/** A step at which a saga stands. */
export class StandingStepView {
  @ApiProperty({ example: 'capture' }) name!: string;
  @ApiProperty({ enum: ['action', 'compensation'] }) direction!: string;
  @ApiPropertyOptional({ example: 'payment.capture' }) command?: string;
  @ApiPropertyOptional({ example: 'payment', description: 'The service that handles the command' }) service?: string;
  @ApiPropertyOptional({ description: 'The signal that it waits for' }) signal?: string;
  @ApiPropertyOptional({ enum: ['reply', 'next-attempt', 'signal', 'hold', 'operator'] }) waitsFor?: string;
  @ApiPropertyOptional() attempt?: number;
  @ApiPropertyOptional({ description: 'After how many attempts it fails, or the saga pauses' }) attempts?: number;
  @ApiPropertyOptional({ description: 'How often the command was sent' }) sends?: number;
  @ApiPropertyOptional({ format: 'date-time', description: 'Absent while the saga is paused' }) wakeAt?: string;
}

/** How a step last failed, or why it was refused. */
export class FailureView {
  @ApiProperty({ example: 'capture' }) step!: string;
  @ApiProperty() reason!: string;
  @ApiPropertyOptional() detail?: string;
}

/** A search attribute of a saga. */
export class AttributeView {
  @ApiProperty({ example: 'customerId' }) name!: string;
  @ApiProperty({ type: [String], example: ['ada'], description: 'Of a sensitive one: the last four characters' })
  values!: string[];
  @ApiProperty({ description: 'Whether only a hash of its values is stored for the search' }) sensitive!: boolean;
}

/** A saga as a list shows it. */
export class SagaSummary {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'place-order' }) definition!: string;
  @ApiProperty() version!: number;
  @ApiProperty({ enum: STATUSES }) status!: string;
  @ApiPropertyOptional({ description: 'Business key' }) subject?: string;
  @ApiProperty({ description: 'Counts every entry of its history' }) revision!: number;
  @ApiProperty({ format: 'date-time' }) startedAt!: string;
  @ApiPropertyOptional({ format: 'date-time' }) endedAt?: string;
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'The next instant at which something is due without a message',
  })
  wakeAt?: string;
  @ApiPropertyOptional({ type: ParentView, description: 'For a child: the step that waits for its end' })
  parent?: ParentView;
  @ApiPropertyOptional({ type: CauseView, description: 'Why it is compensated' }) cause?: CauseView;
  @ApiPropertyOptional({ type: PauseView, description: 'Why it is paused' }) pause?: PauseView;
  @ApiProperty({ description: 'Whether one of its steps waits for a hold to end' }) held!: boolean;
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When it will be compensated unless it has passed its pivot by then; absent after the pivot',
  })
  deadline?: string;
  @ApiPropertyOptional({
    description: 'Whether it has passed the point of no return; absent without its definition',
  })
  pastPivot?: boolean;
  @ApiProperty({
    type: [StandingStepView],
    description: 'The steps at which it stands, at most 10; none when it has ended',
  })
  standsAt!: StandingStepView[];
  @ApiPropertyOptional({ type: FailureView, description: 'The last failure of a step at which it stands' })
  lastFailure?: FailureView;
  @ApiProperty({ type: [AttributeView], description: 'Its search attributes' }) attributes!: AttributeView[];
  @ApiPropertyOptional({
    type: DiagnosisSummaryView,
    description:
      'In lists, why it stands where it stands, as far as neither the broker nor dead letters say; absent when it has ended',
  })
  diagnosis?: DiagnosisSummaryView;
}

/** How many sagas there are; counting ends at a limit. */
export class TotalView {
  @ApiProperty({ example: 10000 }) count!: number;
  @ApiProperty({ description: 'Whether there are more, or as many' }) atLeast!: boolean;
}

export class SagaPage {
  @ApiProperty({ type: [SagaSummary] }) items!: SagaSummary[];
  @ApiPropertyOptional({ type: TotalView, description: 'How many match; on the first page only' }) total?: TotalView;
  @ApiPropertyOptional({ description: 'The cursor of the next page; absent on the last' }) nextCursor?: string;
}

export class StepView {
  @ApiProperty() name!: string;
  @ApiProperty({ enum: ['compensation', 'compensatable', 'pivot', 'retriable', 'wait'] }) kind!: string;
  @ApiProperty({ enum: STEP_ACTIONS, isArray: true, description: 'What an operator can do to it now' })
  availableActions!: StepAction[];
  @ApiProperty({ description: 'Steps of one stage run together' }) stage!: number;
  @ApiProperty() status!: string;
  @ApiPropertyOptional() command?: string;
  @ApiPropertyOptional() compensation?: string;
  @ApiPropertyOptional({ description: 'The signal that a wait waits for' }) signal?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The saga that it started' }) child?: string;
  @ApiPropertyOptional({
    enum: ['reply', 'next-attempt', 'signal', 'hold', 'operator'],
    description: '`operator`: its next attempt, until the paused saga is resumed',
  })
  waitsFor?: string;
  @ApiPropertyOptional() attempt?: number;
  @ApiPropertyOptional({ description: 'How often the command was sent' }) sends?: number;
  @ApiPropertyOptional({ description: 'How many more tries were granted when the saga was resumed' })
  triesLeft?: number;
  @ApiPropertyOptional({ format: 'uuid' }) commandId?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'Absent while the saga is paused' }) wakeAt?: string;
  @ApiPropertyOptional({ type: HeldView, description: 'While its command waits for a hold to end' }) held?: HeldView;
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

/** What an entry of the history made of a step. */
export class StepChangeView {
  @ApiProperty() name!: string;
  @ApiProperty() status!: string;
  @ApiPropertyOptional({ description: 'Of its command' }) attempt?: number;
  @ApiPropertyOptional({ enum: ['reply', 'next-attempt', 'signal', 'hold'] }) waitsFor?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'Until when it waits' }) wakeAt?: string;
}

/** What an entry of the history made of the saga. */
export class AfterView {
  @ApiProperty({ enum: STATUSES }) status!: string;
  @ApiPropertyOptional({ description: 'Why the entry paused it' }) pause?: string;
  @ApiPropertyOptional({ enum: CAUSES, description: 'Why the entry made it compensate' }) cause?: string;
  @ApiProperty({ type: [StepChangeView], description: 'The steps that it changed' }) steps!: StepChangeView[];
}

export class HistoryView {
  @ApiProperty() seq!: number;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({
    type: Object,
    description: 'The event; `kind` determines its fields, and `held` lists what was held at the time',
  })
  event!: object;
  @ApiProperty({ type: [SentView] }) sent!: readonly SentView[];
  @ApiPropertyOptional({ description: 'Why it changed nothing' }) ignored?: string;
  @ApiPropertyOptional({
    type: AfterView,
    description: 'Absent where this instance lacks the definition, or has one that leads to another state',
  })
  after?: AfterView;
}

/** A saga with its steps and its whole history. */
export class SagaDetail extends SagaSummary {
  @ApiProperty({ type: Object }) input!: unknown;
  @ApiProperty({ enum: SAGA_ACTIONS, isArray: true, description: 'What an operator can do to it now' })
  availableActions!: SagaAction[];
  @ApiProperty({ type: [StepView] }) steps!: StepView[];
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Until when every participant certainly remembers what it did, and can compensate it',
  })
  undoableUntil?: string;
  @ApiPropertyOptional({ description: 'Why an operator should look at it before then' }) warning?: string;
  @ApiPropertyOptional({
    description: 'A Mermaid flowchart of its steps and their statuses; absent without its definition',
  })
  mermaid?: string;
  @ApiProperty({ type: [HistoryView] }) history!: HistoryView[];
  @ApiProperty({ type: [DeadLetterSummary], description: 'Its dead letters, the newest 20' })
  deadLetters!: DeadLetterSummary[];
}

/** What an operator's action would do to a saga now; nothing has changed. */
export class ActionPreviewView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ description: 'The revision of the saga as it is' }) revision!: number;
  @ApiProperty({ enum: STATUSES, description: 'The status as it is' }) status!: string;
  @ApiProperty({ enum: STATUSES, description: 'The status after the action' }) statusAfter!: string;
  @ApiPropertyOptional({ type: PauseView, description: 'Why it would be paused' }) pauseAfter?: PauseView;
  @ApiProperty({ type: [SentView], description: 'The commands that would be sent' }) commands!: readonly SentView[];
}
