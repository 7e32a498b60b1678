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
  @ApiPropertyOptional({ description: 'How many sagas a second each instance lets go on' }) rate?: number;
}

export class HoldView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: HoldWhereView }) where!: HoldWhereView;
  @ApiProperty({ example: 'payment has answered nobody for 25 s' }) reason!: string;
  @ApiProperty({ enum: HOLD_CAUSES, description: 'Who found it: a person, or the orchestrator by what it sees' })
  cause!: string;
  @ApiProperty({ description: 'As X-Operator said; nothing proves it yet', example: 'the orchestrator' }) by!: string;
  @ApiProperty({ format: 'date-time' }) since!: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it ends by itself' }) expiresAt?: string;
  @ApiProperty({ description: 'How often a command was sent to find out whether the participant is back' })
  probes!: number;
  @ApiPropertyOptional({ format: 'date-time', description: 'When the next one is sent; none for a hold by hand' })
  probeAt?: string;
  @ApiProperty({
    type: WaitingView,
    description:
      'What waits for its end; after its end, what was not let go on yet. Of sagas this orchestrator can run',
  })
  waiting!: WaitingView;
  @ApiPropertyOptional({ type: HoldEndView }) ended?: HoldEndView;
}

export class HoldPage {
  @ApiProperty({ type: [HoldView] }) items!: HoldView[];
  @ApiPropertyOptional({ description: 'Ask for the next page with it; absent on the last' }) nextCursor?: string;
}
