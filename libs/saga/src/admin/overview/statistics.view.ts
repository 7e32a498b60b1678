import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const P50 = 'The median in milliseconds, within 5 %; absent when there was none';
const P99 = 'In milliseconds, within 5 %: 99 of 100 took no longer; absent when there was none';

/** Why sagas were compensated. */
export class CompensatedByView {
  @ApiProperty({ example: 'place-order' }) definition!: string;
  @ApiProperty({ example: 'refusal', description: 'The kind of the cause' }) cause!: string;
  @ApiPropertyOptional({ example: 'authorize', description: 'The step that caused it, without the index of a branch' })
  step?: string;
  @ApiPropertyOptional({ example: 'payment.authorize' }) command?: string;
  @ApiProperty({ description: 'How many sagas' }) count!: number;
}

/** How long a step took, and how often it failed. */
export class StepStatisticsView {
  @ApiProperty({ example: 'place-order' }) definition!: string;
  @ApiProperty({ example: 'authorize', description: 'Without the index of a branch' }) step!: string;
  @ApiProperty({ enum: ['action', 'compensation'] }) direction!: string;
  @ApiPropertyOptional({ example: 'payment.authorize', description: 'Absent for a wait' }) command?: string;
  @ApiProperty({ description: 'Replies, or signals, that a saga waited for: successes, refusals and failures' })
  answered!: number;
  @ApiProperty({ description: 'Replies by which the participant refused the command' }) refused!: number;
  @ApiProperty({ description: 'Replies by which an attempt failed' }) failed!: number;
  @ApiProperty({ description: 'Commands, or waits, that nothing answered in time' }) unanswered!: number;
  @ApiProperty({ description: 'Failed and unanswered ones among all, from 0 to 1' }) failureShare!: number;
  @ApiPropertyOptional({ description: `From when its command was sent last to its reply. ${P50}` }) p50?: number;
  @ApiPropertyOptional({ description: `From when its command was sent last to its reply. ${P99}` }) p99?: number;
}

/** What became of sagas in one interval. */
export class StatisticsPointView {
  @ApiProperty({ format: 'date-time', description: 'When the interval begins' }) at!: string;
  @ApiProperty() started!: number;
  @ApiProperty() completed!: number;
  @ApiProperty() compensated!: number;
  @ApiProperty({ description: 'How often a saga paused' }) paused!: number;
  @ApiPropertyOptional({ description: `How long the sagas took that ended. ${P50}` }) p50?: number;
  @ApiPropertyOptional({ description: `How long the sagas took that ended. ${P99}` }) p99?: number;
}

/** What became of sagas in a window of time, in intervals. */
export class StatisticsView {
  @ApiPropertyOptional({ example: 'place-order', description: 'Absent: all definitions together' }) definition?: string;
  @ApiProperty({ example: '1h' }) window!: string;
  @ApiProperty({ format: 'date-time', description: 'When the first interval begins' }) from!: string;
  @ApiProperty({ format: 'date-time', description: 'Now; the last interval has not ended yet' }) to!: string;
  @ApiProperty({ example: 60, description: 'The length of an interval: a minute, ten minutes or an hour' })
  intervalSeconds!: number;
  @ApiProperty({ type: [StatisticsPointView], description: 'All intervals, the oldest first; also empty ones' })
  series!: StatisticsPointView[];
  @ApiProperty({ type: [StepStatisticsView], description: 'Of the whole window, those that took longest first' })
  steps!: StepStatisticsView[];
  @ApiProperty({ type: [CompensatedByView], description: 'Of the whole window, the most frequent first' })
  compensatedBy!: CompensatedByView[];
}
