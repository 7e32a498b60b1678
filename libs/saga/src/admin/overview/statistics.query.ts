import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';

/** The windows of statistics, and the length of their intervals in seconds: at most 240 intervals. */
export const WINDOWS = {
  '15m': { seconds: 900, intervalSeconds: 60 },
  '1h': { seconds: 3_600, intervalSeconds: 60 },
  '3h': { seconds: 10_800, intervalSeconds: 60 },
  '24h': { seconds: 86_400, intervalSeconds: 600 },
  '7d': { seconds: 604_800, intervalSeconds: 3_600 },
} as const;

export type Window = keyof typeof WINDOWS;

const NAMES = Object.keys(WINDOWS) as Window[];

/** Which statistics. */
export class StatisticsQuery {
  @ApiPropertyOptional({ example: 'place-order', description: 'All definitions together by default' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  definition?: string;

  @ApiPropertyOptional({ enum: NAMES, default: '1h' })
  @IsOptional()
  @IsIn(NAMES)
  window: Window = '1h';
}
