import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const KINDS = ['compensation', 'compensatable', 'pivot', 'retriable', 'wait'];

export class StepSummary {
  @ApiProperty() name!: string;
  @ApiProperty({ enum: KINDS }) kind!: string;
  @ApiPropertyOptional() command?: string;
  @ApiPropertyOptional() compensation?: string;
  @ApiPropertyOptional() timeoutMs?: number;
  @ApiPropertyOptional() attempts?: number;
}

/** Steps that run together. */
export class StageSummary {
  @ApiProperty({ type: [StepSummary] }) steps!: StepSummary[];
}

/** A definition as the list shows it. */
export class DefinitionSummary {
  @ApiProperty({ example: 'place-order' }) name!: string;
  @ApiProperty() version!: number;
  @ApiPropertyOptional() deadlineMs?: number;
  @ApiProperty({ type: [StageSummary], description: 'In order' }) stages!: StageSummary[];
}

export class DefinitionList {
  @ApiProperty({ type: [DefinitionSummary] }) items!: DefinitionSummary[];
}

/** A command that a step sends, with its timeout and retries. */
export class InvocationView {
  @ApiProperty({ example: 'inventory.reserve-stock' }) command!: string;
  @ApiProperty({ example: 'inventory', description: 'The service that handles it' }) service!: string;
  @ApiProperty({ type: [String], description: 'The reasons for which the service may refuse it' }) refusals!: string[];
  @ApiProperty({ example: '5s', description: 'It is sent again after this time without an answer' }) timeout!: string;
  @ApiPropertyOptional({
    description: 'Attempts, and sends without an answer, before the step fails; absent: unlimited',
  })
  attempts?: number;
  @ApiProperty({ example: '200ms, doubled up to 10s', description: 'The wait before the next attempt' })
  backoff!: string;
  @ApiPropertyOptional({ description: 'After this many tries the saga is PAUSED; absent when the step may fail' })
  attentionAfter?: number;
}

/** The signal that a step waits for. */
export class WaitView {
  @ApiProperty({ example: 'customer-consent' }) signal!: string;
  @ApiProperty({ example: '2d' }) timeout!: string;
  @ApiProperty({ enum: ['default', 'turn back'], description: 'What happens when no signal arrived in time' })
  otherwise!: string;
  @ApiProperty({ description: 'Whether the signal may make the saga compensate' }) mayRefuse!: boolean;
}

export class ForEachView {
  @ApiProperty({ description: 'How many branches run at once' }) concurrency!: number;
}

/** A definition by name and version. */
export class DefinitionReference {
  @ApiProperty({ example: 'book-hotel' }) definition!: string;
  @ApiProperty() version!: number;
}

export class DefinedStep {
  @ApiProperty() name!: string;
  @ApiProperty({ enum: KINDS }) kind!: string;
  @ApiPropertyOptional({ type: InvocationView }) action?: InvocationView;
  @ApiPropertyOptional({ type: InvocationView, description: 'Compensates the action' })
  compensation?: InvocationView;
  @ApiProperty({ description: 'Whether a condition decides if it runs' }) conditional!: boolean;
  @ApiPropertyOptional({ type: ForEachView, description: 'It runs once per item' }) forEach?: ForEachView;
  @ApiPropertyOptional({ type: WaitView }) wait?: WaitView;
  @ApiPropertyOptional({ type: DefinitionReference, description: 'The saga that it starts' })
  child?: DefinitionReference;
}

/** Steps that run together and settle as a whole. */
export class DefinedStage {
  @ApiProperty({ type: [DefinedStep] }) steps!: DefinedStep[];
}

/** A definition in full. */
export class DefinitionDetail {
  @ApiProperty({ example: 'place-order' }) name!: string;
  @ApiProperty() version!: number;
  @ApiProperty({ type: [Number], description: 'All that are registered, the oldest first' }) versions!: number[];
  @ApiPropertyOptional({ example: '15m', description: 'How long it may take up to its pivot before it is compensated' })
  deadline?: string;
  @ApiProperty({ type: [DefinedStage], description: 'In order' }) stages!: DefinedStage[];
  @ApiProperty({ description: 'A flowchart, as Mermaid text' }) mermaid!: string;
}
