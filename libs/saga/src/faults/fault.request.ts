import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { Direction } from '../contract';
import { EFFECTS, FAULT_POINTS, type EffectType, type FaultPoint } from './fault-rule';
import type { Hit } from './hits';
import { IsId } from '../contract';

const DURATION = /^[1-9]\d{0,5}(ms|s|m|h)$/;
const MOST_MS = 600_000;

export class EffectRequest {
  @ApiProperty({ enum: EFFECTS })
  @IsIn(EFFECTS)
  type!: EffectType;

  @ApiPropertyOptional({ description: 'Of a refusal: one that the command declares', example: 'card-declined' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  reason?: string;

  @ApiPropertyOptional({
    description: 'How long to delay, to hang at most, or how late a reply comes',
    maximum: MOST_MS,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_MS)
  ms?: number;
}

/** Fields that may also be changed later. */
class Extent {
  @ApiPropertyOptional({ description: 'How many messages it strikes; all when it is not said', example: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  count?: number;

  @ApiPropertyOptional({ description: 'When it ends by itself', example: '10m' })
  @IsOptional()
  @Matches(DURATION, { message: 'must be a duration, such as 500ms, 30s, 10m or 1h' })
  ttl?: string;

  @ApiPropertyOptional({ description: 'The share of business keys that it strikes', minimum: 0, maximum: 1 })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1)
  probability?: number;

  @ApiPropertyOptional({ description: 'Another seed strikes other business keys; the same seed the same ones' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  seed?: string;
}

export class FaultRequest extends Extent {
  @ApiProperty({ example: 'payment', description: 'The service in whose process it strikes' })
  @IsString()
  @Length(1, 100)
  service!: string;

  @ApiPropertyOptional({ example: 'payment.capture', description: 'Every command when it is not said' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  command?: string;

  @ApiPropertyOptional({ enum: ['action', 'compensation'] })
  @IsOptional()
  @IsIn(['action', 'compensation'])
  direction?: Direction;

  @ApiPropertyOptional({ description: 'Business key, such as an order id' })
  @IsOptional()
  @IsString()
  @Length(1, 512)
  subject?: string;

  @ApiPropertyOptional({ description: 'Only this attempt of a step', example: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  attempt?: number;

  @ApiProperty({ enum: FAULT_POINTS, example: 'before-publish' })
  @IsIn(FAULT_POINTS)
  point!: FaultPoint;

  @ApiProperty({ type: EffectRequest, example: { type: 'drop-reply' } })
  @IsObject({ message: 'must be an object, such as { "type": "drop-reply" }' })
  @ValidateNested()
  @Type(() => EffectRequest)
  effect!: EffectRequest;

  @ApiPropertyOptional({ description: 'How many messages pass before it strikes' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  skip?: number;

  @ApiPropertyOptional({ description: 'Strike a message each time that it passes, and not once only' })
  @IsOptional()
  @IsBoolean()
  every?: boolean;
}

export class FaultChange extends Extent {
  @ApiPropertyOptional({ description: 'A rule that is not enabled strikes nobody' })
  @IsOptional()
  @IsBoolean()
  enabled?: boolean;
}

export class FeedQuery {
  @IsString()
  @Length(1, 100)
  service!: string;

  @IsId()
  instance!: string;

  @IsString()
  @Length(0, 64)
  knows!: string;
}

export class HitsQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only those of this saga' })
  @IsOptional()
  @IsId()
  sagaId?: string;

  @ApiPropertyOptional({ minimum: 1, maximum: 1_000, default: 100 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit?: number;
}

/** What struck in a service, as the service tells it. */
export class HitReport implements Hit {
  @IsId() id!: string;
  @IsString() @Length(1, 200) rule!: string;
  @IsString() @Length(1, 100) service!: string;
  @IsIn(FAULT_POINTS) point!: FaultPoint;
  @IsIn(EFFECTS) effect!: EffectType;
  @IsString() @Length(1, 512) command!: string;
  @IsId() messageId!: string;
  @IsId() sagaId!: string;
  @IsOptional() @IsString() @Length(1, 512) subject?: string;
  @IsOptional() @IsInt() attempt?: number;
  @IsString() @Length(1, 40) at!: string;
}

export class HitReports {
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => HitReport)
  hits!: HitReport[];
}
