import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';

export const STATUSES = ['RUNNING', 'COMPENSATING', 'PAUSED', 'COMPLETED', 'COMPENSATED'] as const;

/** PostgreSQL has no text with a NUL. */
const noNul = [/^\P{Cc}*$/u, { message: '$property must not hold control characters' }] as const;

/** Which sagas to list. */
export class SagaListQuery {
  @ApiPropertyOptional({ enum: STATUSES })
  @IsOptional()
  @IsIn(STATUSES)
  status?: (typeof STATUSES)[number];

  @ApiPropertyOptional({ description: 'Name of the definition', example: 'place-order' })
  @IsOptional()
  @IsString()
  @Length(1, 512)
  @Matches(...noNul)
  definition?: string;

  @ApiPropertyOptional({ description: 'Business key, such as an order id' })
  @IsOptional()
  @IsString()
  @Length(1, 512)
  @Matches(...noNul)
  subject?: string;

  @ApiPropertyOptional({ description: 'nextCursor of the page before' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  cursor?: string;

  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: 50 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;
}
