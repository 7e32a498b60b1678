import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { HOLD_CAUSES } from '../../holds';

export class HoldWhereView {
  @ApiPropertyOptional({ example: 'payment' }) service?: string;
  @ApiPropertyOptional({ example: 'payment.capture' }) command?: string;
  @ApiPropertyOptional({ example: 'place-order' }) definition?: string;
  @ApiPropertyOptional({ description: 'Absent: all versions' }) version?: number;
  @ApiPropertyOptional({ example: 'capture' }) step?: string;
}

export class WaitingView {
  @ApiProperty({ description: 'How many sagas wait for it' }) sagas!: number;
  @ApiPropertyOptional({ format: 'date-time', description: 'Since when the first of them waits' }) since?: string;
}

export class HoldEndView {
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ example: 'ada' }) by!: string;
  @ApiProperty() reason!: string;
  @ApiPropertyOptional({ description: 'How many sagas per second each instance releases' }) rate?: number;
}

export class HoldView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: HoldWhereView }) where!: HoldWhereView;
  @ApiProperty({ example: 'payment has answered nobody for 25 s' }) reason!: string;
  @ApiProperty({ enum: HOLD_CAUSES, description: 'Who placed it: an operator, or the orchestrator itself' })
  cause!: string;
  @ApiProperty({ description: 'From X-Operator; not authenticated', example: 'the orchestrator' }) by!: string;
  @ApiProperty({ format: 'date-time' }) since!: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it ends automatically' }) expiresAt?: string;
  @ApiProperty({ description: 'How many probes were sent' })
  probes!: number;
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When the next probe is sent; absent for a hold placed by an operator',
  })
  probeAt?: string;
  @ApiProperty({
    type: WaitingView,
    description:
      'What waits for its end, or, after its end, for its release; only sagas that this orchestrator can run',
  })
  waiting!: WaitingView;
  @ApiPropertyOptional({ type: HoldEndView }) ended?: HoldEndView;
}

export class HoldPage {
  @ApiProperty({ type: [HoldView] }) items!: HoldView[];
  @ApiPropertyOptional({ description: 'The cursor of the next page; absent on the last' }) nextCursor?: string;
}
